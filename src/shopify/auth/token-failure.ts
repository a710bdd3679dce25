import { z } from 'zod';
import { HttpResponseError } from '../library.ts';

/**
 * What a failed token request is about. `credential`: what was presented is dead (a refresh token, a session token, a
 * code). `app`: Shopify does not know the app by its key and secret. `refused`: another 4xx, such as an edge's 403, which
 * says nothing about the token. `unavailable`: 5xx, 429, no answer, or one that is not JSON.
 */
export interface TokenFailure {
  readonly kind: 'credential' | 'app' | 'refused' | 'unavailable';
  readonly status?: number;
  /** OAuth's error code, if there was one. */
  readonly code?: string;
}

/** What Shopify says of a dead credential, which differs by what is presented. */
export interface Credential {
  readonly codes: readonly string[];
  /** What the description of an `invalid_request` names, where that code may be about the credential. */
  readonly named?: RegExp;
}

// 401 invalid_request "This request requires an active refresh_token" was observed besides invalid_grant.
export const refreshToken: Credential = { codes: ['invalid_grant'], named: /\brefresh[\s_-]?token\b/i };
export const sessionToken: Credential = { codes: ['invalid_subject_token'] };
export const lastingToken: Credential = { codes: ['invalid_subject_token', 'invalid_grant'] };
export const authorizationCode: Credential = { codes: ['invalid_grant', 'invalid_request'] };

const APP: ReadonlySet<string> = new Set([
  'invalid_client',
  'application_cannot_be_found',
  'unauthorized_client',
]);

const body = z.object({
  error: z.string().regex(/^\w{1,64}$/),
  error_description: z.string().catch(''),
});

/** Reads a failure by the code in the answer's body: its status alone says nothing about the token. */
export function toTokenFailure(error: unknown, { codes, named }: Credential): TokenFailure {
  // The library throws no HttpResponseError for an answer that is not JSON.
  if (!(error instanceof HttpResponseError)) return { kind: 'unavailable' };
  const { code: status } = error.response;
  if (status >= 500 || status === 429) return { kind: 'unavailable', status };
  const answer = body.safeParse(error.response.body).data;
  if (answer === undefined) return { kind: 'refused', status };
  const { error: code, error_description: description } = answer;
  const isNamed = code === 'invalid_request' && named?.test(description) === true;
  if (codes.includes(code) || isNamed) return { kind: 'credential', status, code };
  return { kind: APP.has(code) ? 'app' : 'refused', status, code };
}
