import type { Install } from '../../ledger/install.ts';
import type { ToldVersion } from '../../ledger/sync-state.ts';
import { API_VERSION } from '../../shopify/api-version.ts';
import type { OfflineSession } from '../../shopify/auth/sessions.ts';
import type { TokenHealth } from '../../shopify/auth/token-health.ts';
import { missingScopes } from '../../shopify/scopes.ts';
import type { Attention } from './list-attention.ts';

interface ShopifyFacts {
  readonly install: Install;
  readonly session: OfflineSession | undefined;
  /** Versions that Shopify told and that are not ours. */
  readonly versions: readonly ToldVersion[];
  readonly tokenProblems: ReturnType<TokenHealth['problems']>;
}

/** While a version differs it is noted again every hour; one that is not any more has been put right. */
const VERSION_STANDS_MS = 24 * 3_600_000;

/** The newest word on what the merchant has granted; undefined: there is none. */
function grantedScopes({ scopes, scopes_at = '' }: Install, session: OfflineSession | undefined) {
  const isTokens = session !== undefined && session.scope !== '' && session.authorizedAt > scopes_at;
  return isTokens ? session.scope.split(/[\s,]+/) : scopes;
}

/** What Shopify tells about the app itself, and an operator has to see to. */
export function toShopifyAttention(facts: ShopifyFacts, now: Date): Attention[] {
  const about = (code: string, message: string): Attention => {
    return { code, message, user_id: null, deadline: null, count: null };
  };
  const { install, session, versions, tokenProblems } = facts;
  const granted = grantedScopes(install, session);
  const missing = granted === undefined ? [] : missingScopes(granted);
  const told = versions.filter(({ at }) => now.getTime() - Date.parse(at) < VERSION_STANDS_MS);
  return [
    ...tokenProblems
      .filter(({ code }) => code === 'app_settings_invalid')
      .map(({ code, message }) => about(code, message)),
    ...(missing.length > 0
      ? [
          about(
            'scopes_missing',
            `The shop has not granted ${missing.join(', ')}: run \`shopify app deploy\`, then open the app and approve`,
          ),
        ]
      : []),
    ...(told.length > 0
      ? [
          about(
            'api_version',
            `Shopify uses API version ${[...new Set(told.map(({ version }) => version))].join(' and ')} in place of ${API_VERSION}: update Rollcall, then run \`shopify app deploy\``,
          ),
        ]
      : []),
  ];
}
