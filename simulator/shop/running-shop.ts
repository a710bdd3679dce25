import { createAdminApi, type AdminApi, type Limits } from '../graphql/api.ts';
import { createBulk, type Bulk } from '../graphql/bulk.ts';
import { createFieldResolver } from '../graphql/customer-faults.ts';
import { createMutations } from '../graphql/mutations.ts';
import { createNodes } from '../graphql/nodes.ts';
import { createQueries } from '../graphql/queries.ts';
import { createAdminLag, type AdminLag } from './admin-lag.ts';
import { createFaults, type Faults, type RequestKind } from './faults.ts';
import type { App } from '../oauth/app.ts';
import { answerGrant, type GrantOptions, type TokenAnswer } from '../oauth/grant.ts';
import { toSessionToken, type Forgery } from '../oauth/session-token.ts';
import { createTokens, type TokenOptions, type Tokens } from '../oauth/tokens.ts';
import type { Shop } from './shop.ts';

export interface RunningShopOptions {
  readonly shop: Shop;
  readonly app: App;
  readonly resultUrl: (file: string) => string;
  readonly limits?: Partial<Limits>;
  readonly strict?: boolean;
  readonly bulkPolls?: number;
  readonly tokens?: Omit<TokenOptions, 'now'>;
  readonly refusal?: GrantOptions['refusal'];
}

/** A shop that answers requests. */
export interface RunningShop {
  readonly shop: Shop;
  readonly app: App;
  readonly admin: AdminApi;
  readonly bulk: Bulk;
  readonly tokens: Tokens;
  readonly faults: Faults;
  /** Makes the Admin API answer what stood before. */
  readonly lag: Pick<AdminLag, 'begin' | 'end'>;
  /** How many requests reached the shop, also those that met a fault; and how many sets of metafields were to be written, whether anything changed or not. */
  readonly counts: Record<RequestKind | 'metafieldsSet', number>;
  grant(body: unknown): TokenAnswer;
  /** The session token of an embedded page, or a forged one. */
  sessionToken(forgery?: Forgery): string;
}

export function createRunningShop(options: RunningShopOptions): RunningShop {
  const { shop, app, resultUrl, limits = {}, strict = true, bulkPolls = 2 } = options;
  const tokens = createTokens({ ...options.tokens, now: shop.now });
  const lag = createAdminLag(shop);
  const faults = createFaults();
  const fieldResolver = createFieldResolver(faults);
  const bulk = createBulk({ shop: lag.view, resultUrl, polls: bulkPolls, fieldResolver });
  const nodes = createNodes(lag.view, bulk.operations);
  const requests = {
    graphql: 0,
    code: 0,
    exchange: 0,
    migrate: 0,
    refresh: 0,
    authorize: 0,
    bulk_download: 0,
  };
  const counts = { ...requests, metafieldsSet: 0 };
  const root = {
    ...createQueries({ shop: lag.view, bulk, nodes, app, faults }),
    ...createMutations({ shop, bulk, nodes, counts, faults }),
  };
  const grantOptions = { app, tokens, domain: shop.domain, now: shop.now };
  const { refusal } = options;

  shop.subscribe(({ topic }) => {
    if (topic === 'app/uninstalled') tokens.revokeAll();
  });

  return {
    shop,
    app,
    admin: createAdminApi({ root, fieldResolver, now: shop.now, limits, strict, denied: faults.denied }),
    bulk,
    tokens,
    faults,
    lag,
    counts,
    grant: (body) => answerGrant(refusal === undefined ? grantOptions : { ...grantOptions, refusal }, body),
    sessionToken: (forgery) => toSessionToken(grantOptions, forgery),
  };
}
