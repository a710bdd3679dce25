import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '../../errors.ts';
import type { Logger } from '../../log.ts';
import type { Metrics } from '../../metrics.ts';
import { readAnswer, type Answer } from './admin-answer.ts';
import type { QueryRequest, Priority } from './budget.ts';
import type { TypedDocument } from './queries.ts';
import { createDelayAfter } from './retries.ts';
import type { Transport } from '../transport.ts';
import { createQueryQueue, type Sleep, type QueryQueue } from './query-queue.ts';

/** The access tokens of the shops. */
export interface TokenSource {
  /** @throws AppError `reauthorization_needed` */
  accessToken(shop: string): Promise<string>;
  /** Shopify has answered 401 to this token; by now the shop may have another. */
  refused(shop: string, accessToken: string): Promise<void>;
}

export interface AdminDeps {
  readonly transport: Transport;
  readonly tokens: TokenSource;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly apiVersion?: string;
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number;
  readonly sleep?: Sleep;
}

interface QueryOptions {
  readonly priority: Priority;
  /** Gives up waiting, with the signal's reason. A request that is under way is not broken off. */
  readonly signal?: AbortSignal;
  /** For what must not happen twice: an attempt that may have been executed is not repeated. */
  readonly once?: boolean;
}

export interface Admin {
  /**
   * Asks one shop's Admin API, as soon as the shop's budget allows. A failed attempt is repeated a few times, so the
   * document must be one that may be executed twice, or `once` is set.
   * @throws AppError `admin_api_unavailable`: it may work later; `admin_api_refused`: not like this;
   * `admin_api_too_costly`: not for so many at once; `reauthorization_needed`: not before the merchant opens the app
   */
  query<Data, Variables extends object>(
    shop: string,
    document: TypedDocument<Data, Variables>,
    variables: Variables,
    options: QueryOptions,
  ): Promise<Data>;
}

/** How many things the variables ask for: the ids of a list, the length of a page. */
function sizeOf(variables: object): number {
  const sizes = Object.values(variables).map((value: unknown) => {
    if (Array.isArray(value)) return value.length;
    return typeof value === 'number' ? value : 0;
  });
  return Math.max(1, ...sizes);
}

function toError(document: string, answer: Exclude<Answer<unknown>, { kind: 'done' }>): AppError {
  switch (answer.kind) {
    case 'unauthorized':
      return new AppError(
        'reauthorization_needed',
        'Shopify does not accept the shop’s access token any more: open the app in the Shopify admin',
      );
    case 'refused': {
      const code = answer.reason.includes('MAX_COST_EXCEEDED') ? 'admin_api_too_costly' : 'admin_api_refused';
      return new AppError(code, `Shopify refuses ${document}: ${answer.reason}`, {
        cause: answer.where === undefined ? undefined : new Error(`At ${answer.where}`),
        reason: answer.reason.toLowerCase(),
      });
    }
    case 'unavailable':
      return new AppError('admin_api_unavailable', `Shopify cannot answer ${document}: ${answer.reason}`, {
        cause: answer.cause,
      });
    case 'throttled':
    case 'rate_limited':
      return new AppError('admin_api_unavailable', `Shopify asks to wait too long before ${document}`);
  }
}

const defaultSleep: Sleep = (milliseconds, signal) => delay(milliseconds, undefined, signal && { signal });

/**
 * The client of the Admin API. It waits for a shop's budget instead of running into it, and leaves a share of it to
 * interactive queries. Shops do not wait for each other.
 */
export function createAdmin(deps: AdminDeps): Admin {
  const { transport, tokens, metrics, log, apiVersion = '2026-10' } = deps;
  const { now = () => performance.now(), sleep = defaultSleep } = deps;
  const turnsOfShops = new Map<string, QueryQueue>();

  function turnsOf(shop: string): QueryQueue {
    const turns = turnsOfShops.get(shop) ?? createQueryQueue({ now, sleep });
    turnsOfShops.set(shop, turns);
    return turns;
  }

  async function send<Data>(shop: string, accessToken: string, body: string): Promise<Answer<Data>> {
    try {
      const response = await transport(`https://${shop}/admin/api/${apiVersion}/graphql.json`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-shopify-access-token': accessToken },
        body,
        // fetch would take the token along to wherever it is sent.
        redirect: 'manual',
      });
      return await readAnswer<Data>(response);
    } catch (cause) {
      return { kind: 'unavailable', reason: 'no answer', cause };
    }
  }

  return {
    async query<Data, Variables extends object>(
      shop: string,
      document: TypedDocument<Data, Variables>,
      variables: Variables,
      { priority, signal, once = false }: QueryOptions,
    ): Promise<Data> {
      const turns = turnsOf(shop);
      const ask: QueryRequest = { document: document.name, size: sizeOf(variables), priority };
      const body = JSON.stringify({ query: document.text, operationName: document.name, variables });
      const delayAfter = createDelayAfter();

      async function attempt(isAgain: boolean) {
        const askedAt = now();
        const settle = await turns.acquire(ask, { signal, isAgain });
        metrics.adminWaiting.observe({ priority }, (now() - askedAt) / 1000);
        let answer: Answer<Data> | undefined;
        try {
          const accessToken = await tokens.accessToken(shop);
          answer = await send<Data>(shop, accessToken, body);
          if (answer.kind === 'rate_limited') turns.pause(answer.retryAfter ?? 0);
          return { answer, accessToken };
        } finally {
          settle(answer?.cost);
        }
      }

      for (let isAgain = false; ; isAgain = true) {
        const { answer, accessToken } = await attempt(isAgain);
        metrics.adminAttempts.inc({ outcome: answer.kind });
        metrics.adminCost.inc({ priority }, answer.cost?.actualQueryCost ?? 0);
        if (answer.kind === 'done') return answer.data;
        const mayBeDone = once && answer.kind === 'unavailable';
        const wait = mayBeDone ? undefined : delayAfter(answer);
        if (wait === undefined) throw toError(document.name, answer);
        log.debug(
          { shop, query: document.name, outcome: answer.kind, wait_ms: wait },
          'admin query tried again',
        );
        if (answer.kind === 'unauthorized') await tokens.refused(shop, accessToken);
        else if (wait > 0) await sleep(wait, signal);
      }
    },
  };
}
