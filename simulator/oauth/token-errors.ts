import type { TokenAnswer } from './grant.ts';

/** Errors of the token endpoint, as observed. */
const tokenErrors = {
  /** A wrong client secret. */
  invalid_client: { status: 401, body: { error: 'invalid_client' } },
  /** A client id that Shopify does not know. */
  application_cannot_be_found: { status: 400, body: { error: 'application_cannot_be_found' } },
  /** Says nothing about a token. */
  invalid_request: {
    status: 400,
    body: { error: 'invalid_request', error_description: 'The request is missing a required parameter' },
  },
  /** A session token that Shopify does not take. */
  invalid_subject_token: { status: 400, body: { error: 'invalid_subject_token' } },
  invalid_grant: { status: 400, body: { error: 'invalid_grant' } },
  /** The other answer to a dead refresh token. */
  inactive_refresh_token: {
    status: 401,
    body: { error: 'invalid_request', error_description: 'This request requires an active refresh_token' },
  },
} as const;

export type TokenError = keyof typeof tokenErrors;

export function toTokenError(fault: string | undefined): TokenAnswer | undefined {
  return Object.entries(tokenErrors).find(([name]) => name === fault)?.[1];
}
