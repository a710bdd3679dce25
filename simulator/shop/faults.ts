import type { TokenError } from '../oauth/token-errors.ts';

/** The kinds of requests to a shop. */
export type RequestKind =
  'graphql' | 'code' | 'exchange' | 'migrate' | 'refresh' | 'authorize' | 'bulk_download';

export type Fault =
  /** 429 with `Retry-After: 2.0`. */
  | 'too_many_requests'
  | 'server_error'
  /** 403: the app may not do this. */
  | 'forbidden'
  /** 403 with an HTML body, as an edge sends it that blocks an address. */
  | 'edge_block'
  /** 502 with an HTML body. */
  | 'bad_gateway'
  /** An error of the token endpoint, whatever was sent; see simulator/oauth/token-errors.ts. */
  | TokenError
  | 'throttled'
  /** Revokes all tokens of the shop before the request is handled. */
  | 'token_revoked'
  /** The token answer lacks it, as observed with the library's refresh. */
  | 'expires_in_missing'
  /** The connection ends without an answer, and nothing is executed; a bulk download ends in the middle. */
  | 'dropped'
  /** The request is executed and its answer is lost. */
  | 'answer_lost';

/** How the shop withholds fields: with an error that has a code, with one that has a text only, or with null alone. */
type Withholding = 'code' | 'text' | 'null';

/** Which page a list says to come next: itself, none although there are more, or two in turns. */
type Standstill = 'same' | 'none' | 'circle';

interface FaultRule {
  readonly on: RequestKind;
  /** How many requests it affects. Default 1. */
  readonly times?: number;
}

/** Requests that wait until a test lets them go. */
interface Hold {
  /** Resolves as soon as a request waits. */
  readonly reached: Promise<void>;
  release(): void;
}

/** Why Shopify refuses to set metafields. */
interface MetafieldsError {
  readonly code: string;
  readonly message: string;
}

export interface Faults {
  /** Milliseconds before every answer. Default 0. */
  latency: number;
  /** The version that answers of the Admin API say they are of, whatever was asked for. Default: the one asked for. */
  apiVersion: string | undefined;
  /** So many lists of metaobjects from now on say that there are none. Default 0. */
  emptyLists: number;
  /** Whether every page of metaobjects names itself as the next one. Default false. */
  stuckLists: boolean;
  /**
   * The fields that the app may not use, with the scope that Shopify says is required: `Mutation.metafieldsSet` to
   * `write_customers`. They are null, with ACCESS_DENIED and `requiredAccess` among the errors.
   */
  readonly denied: Map<string, string>;
  /** Each refuses one metafieldsSet by a user error. */
  readonly metafieldsErrors: MetafieldsError[];
  /** Lists of customers that do not get on; undefined: they do. Default undefined. */
  stuckCustomers: Standstill | undefined;
  /**
   * The fields of customers, as the schema names them, that the app is not approved for. In bulk results they are null,
   * whichever way they are withheld. Default none.
   */
  withheld: { readonly fields: readonly string[]; readonly by: Withholding };
  /**
   * By customer id the field, as the schema names it, at which Shopify fails with an internal error. Where the schema allows
   * no null, as at `id`, whatever is around it is null. Default none.
   */
  readonly spoilt: Map<string, string>;
  /** Requests of this kind wait from now on, or when so many more have been answered. */
  hold(on: RequestKind, options?: { after?: number }): Hold;
  /** Resolves when a request of this kind may go on. */
  pass(kind: RequestKind): Promise<void>;
  next(fault: Fault, rule: FaultRule): void;
  /** Takes the next fault for a request, in the order set. */
  take(kind: RequestKind): Fault | undefined;
}

/** Injects faults. */
export function createFaults(): Faults {
  const waiting: { fault: Fault; on: RequestKind; left: number }[] = [];
  const holds = new Set<{ on: RequestKind; left: number; reach: () => void; released: Promise<void> }>();

  return {
    latency: 0,
    apiVersion: undefined,
    emptyLists: 0,
    stuckLists: false,
    denied: new Map(),
    metafieldsErrors: [],
    stuckCustomers: undefined,
    withheld: { fields: [], by: 'code' },
    spoilt: new Map(),
    hold(on, { after = 0 } = {}) {
      const reached = Promise.withResolvers<void>();
      const released = Promise.withResolvers<void>();
      const hold = { on, left: after, reach: reached.resolve, released: released.promise };
      holds.add(hold);
      return {
        reached: reached.promise,
        release() {
          holds.delete(hold);
          released.resolve();
        },
      };
    },
    async pass(kind) {
      for (const hold of holds) {
        if (hold.on !== kind) continue;
        hold.left -= 1;
        if (hold.left >= 0) continue;
        hold.reach();
        await hold.released;
      }
    },
    next(fault, { on, times = 1 }) {
      waiting.push({ fault, on, left: times });
    },
    take(kind) {
      const rule = waiting.find(({ on, left }) => on === kind && left > 0);
      if (rule === undefined) return undefined;
      rule.left -= 1;
      return rule.fault;
    },
  };
}
