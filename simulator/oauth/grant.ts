import { z } from 'zod';
import type { RequestKind } from '../shop/faults.ts';
import type { App } from './app.ts';
import { isSessionToken } from './session-token.ts';
import type { Issued, Tokens } from './tokens.ts';

const OFFLINE = 'urn:shopify:params:oauth:token-type:offline-access-token';
const ID_TOKEN = 'urn:ietf:params:oauth:token-type:id_token';
const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';

const Client = z.object({ client_id: z.string(), client_secret: z.string() });
const Expiring = z.object({ expiring: z.enum(['0', '1']).default('0') });
const Grant = z.union([
  z
    .object({
      grant_type: z.literal(EXCHANGE),
      subject_token_type: z.enum([ID_TOKEN, OFFLINE]),
      subject_token: z.string(),
      requested_token_type: z.literal(OFFLINE),
    })
    .and(Expiring),
  z.object({ grant_type: z.literal('refresh_token'), refresh_token: z.string() }),
  z.object({ code: z.string() }).and(Expiring),
]);

export interface GrantOptions {
  readonly app: App;
  readonly domain: string;
  readonly now: () => Date;
  readonly tokens: Tokens;
  /** The answer to an invalid refresh token. Default 400 invalid_grant; a 401 was reported in 2026-06. */
  readonly refusal?: { readonly status: number; readonly body: object };
}

export interface TokenAnswer {
  readonly status: number;
  readonly body: object;
}

/** The kinds of token requests, for the counts. */
export function kindOfGrant(body: unknown): RequestKind {
  const grant = Grant.safeParse(body).data;
  if (grant === undefined || 'code' in grant) return 'code';
  if (grant.grant_type === 'refresh_token') return 'refresh';
  return grant.subject_token_type === OFFLINE ? 'migrate' : 'exchange';
}

/** Answers POST /admin/oauth/access_token, in its four uses. */
export function answerGrant(options: GrantOptions, body: unknown): TokenAnswer {
  const { app, domain, now, tokens, refusal = { status: 400, body: { error: 'invalid_grant' } } } = options;
  const client = Client.safeParse(body).data;
  if (client === undefined || client.client_id !== app.clientId || !app.knows(client.client_secret))
    return { status: 401, body: { error: 'invalid_client' } };
  const grant = Grant.safeParse(body).data;
  if (grant === undefined) return { status: 400, body: { error: 'invalid_request' } };
  if ('code' in grant)
    return tokens.useCode(grant.code)
      ? issued(tokens.issue({ expiring: grant.expiring === '1' }))
      : {
          status: 400,
          body: { error: 'invalid_request', error_description: 'The code was not found or was used' },
        };
  if (grant.grant_type === 'refresh_token') {
    const refreshed = tokens.refresh(grant.refresh_token);
    return refreshed === undefined ? refusal : issued(refreshed);
  }
  if (grant.subject_token_type === OFFLINE) {
    const migrated = tokens.migrate(grant.subject_token);
    return migrated === undefined
      ? { status: 400, body: { error: 'invalid_subject_token' } }
      : issued(migrated);
  }
  return isSessionToken(grant.subject_token, { app, domain, now })
    ? issued(tokens.issue({ expiring: grant.expiring === '1' }))
    : { status: 400, body: { error: 'invalid_subject_token' } };

  function issued(token: Issued): TokenAnswer {
    return { status: 200, body: { ...token, scope: app.scope } };
  }
}
