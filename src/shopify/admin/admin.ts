import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '../../errors.ts';
import type { Logger } from '../../log.ts';
import type { Metrics } from '../../metrics.ts';
import type { Spoilt } from '../../customers/spoilt.ts';
import { API_VERSION, type TakeApiVersion } from '../api-version.ts';
import { readAnswer, type Answer, type FailedAnswer } from './admin-answer.ts';
import type { QueryRequest, Priority } from './budget.ts';
import type { TypedDocument } from './queries.ts';
import { createDelayAfter } from './retries.ts';
import type { Transport } from '../transport.ts';
import { createQueryQueue, type Sleep, type QueryQueue } from './query-queue.ts';

/** The access tokens of the shops. */
export interface TokenSource {
  /** @throws AppError `reauthorization_needed` */
  accessToken(shop: string): Promise<string>;
  /** Shopify answered 401 to this token. The shop may have a new one meanwhile. */
  refused(shop: string, accessToken: string): Promise<void>;
}

export interface AdminDeps {
  readonly transport: Transport;
  readonly tokens: TokenSource;
  readonly metrics: Metrics;
  readonly log: Logger;
  /** Takes the version that an answer is of. */
  readonly takeApiVersion?: TakeApiVersion;
  /** A monotonic clock, in milliseconds. */
  readonly now?: () => number;
  readonly sleep?: Sleep;
}

export interface QueryOptions {
  readonly priority: Priority;
  /** Ends the wait with the signal's reason. A request in flight is not aborted. */
  readonly signal?: AbortSignal;
  /** For a document that must not run twice: an attempt that may have been executed is not repeated. */
  readonly once?: boolean;
}

/** What Shopify answered, and what of it is missing, with paths from the top of the data. */
interface PartialData<Data> {
  readonly data: Data;
  /** A null at, below or above one of these says nothing. */
  readonly spoilt: readonly Spoilt[];
}

export interface Admin {
  /**
   * Queries one shop's Admin API as soon as the shop's budget allows. Retries a failed attempt a few times, so the document
   * must be idempotent, or `once` set. An answer with any error in it has failed as a whole.
   * @throws AppError `admin_api_unavailable`: may work later; `admin_api_refused`: never works as sent;
   * `admin_api_too_costly`: may work with a smaller size; `reauthorization_needed`: until the merchant opens the app
   */
  query<Data, Variables extends object>(
    shop: string,
    document: TypedDocument<Data, Variables>,
    variables: Variables,
    options: QueryOptions,
  ): Promise<Data>;
  /**
   * As query, but takes an answer with errors in parts of it for what is whole in it.
   * @throws as query; where nothing can be used, or errors say no place, the whole has failed
   */
  read<Data, Variables extends object>(
    shop: string,
    document: TypedDocument<Data, Variables>,
    variables: Variables,
    options: QueryOptions,
  ): Promise<PartialData<Data>>;
}

/** The size of a query, which its cost grows with: the number of ids, or the length of a page. */
function sizeOf(variables: object): number {
  const sizes = Object.values(variables).map((value: unknown) => {
    if (Array.isArray(value)) return value.length;
    return typeof value === 'number' ? value : 0;
  });
  return Math.max(1, ...sizes);
}

/** Where in an answer Shopify has failed; the cause of an `admin_api_unavailable`. */
export class FieldFailure extends Error {}

function toError(document: string, answer: FailedAnswer): AppError {
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
        permissions: answer.permissions,
      });
    }
    case 'unavailable':
      return new AppError('admin_api_unavailable', `Shopify cannot answer ${document}: ${answer.reason}`, {
        cause: answer.where === undefined ? answer.cause : new FieldFailure(`At ${answer.where}`),
      });
    case 'throttled':
    case 'rate_limited':
      return new AppError('admin_api_unavailable', `Shopify asks to wait too long before ${document}`);
  }
}

const defaultSleep: Sleep = (milliseconds, signal) => delay(milliseconds, undefined, signal && { signal });

/**
 * The client of the Admin API. Waits for a shop's budget instead of being throttled, and reserves a share of it for
 * interactive queries. Shops do not wait for each other.
 */
export function createAdmin(deps: AdminDeps): Admin {
  const { transport, tokens, metrics, log, takeApiVersion = () => undefined } = deps;
  const { now = () => performance.now(), sleep = defaultSleep } = deps;
  const queues = new Map<string, QueryQueue>();

  function queueOf(shop: string): QueryQueue {
    const queue = queues.get(shop) ?? createQueryQueue({ now, sleep });
    queues.set(shop, queue);
    return queue;
  }

  async function send<Data>(shop: string, accessToken: string, body: string): Promise<Answer<Data>> {
    try {
      const response = await transport(`https://${shop}/admin/api/${API_VERSION}/graphql.json`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-shopify-access-token': accessToken },
        body,
        // fetch would send the token along with a redirect.
        redirect: 'manual',
      });
      if (response.ok) takeApiVersion(shop, 'admin_api', response.headers.get('x-shopify-api-version'));
      return await readAnswer<Data>(response);
    } catch (cause) {
      return { kind: 'unavailable', reason: 'no answer', cause };
    }
  }

  async function ask<Data, Variables extends object>(
    shop: string,
    document: TypedDocument<Data, Variables>,
    variables: Variables,
    { priority, signal, once = false, isWhole }: QueryOptions & { readonly isWhole: boolean },
  ): Promise<PartialData<Data>> {
    const queue = queueOf(shop);
    const request: QueryRequest = { document: document.name, size: sizeOf(variables), priority };
    const body = JSON.stringify({ query: document.text, operationName: document.name, variables });
    const delayAfter = createDelayAfter();

    async function attempt(isAgain: boolean) {
      const queuedAt = now();
      const release = await queue.acquire(request, { signal, isAgain });
      metrics.adminWaiting.observe({ priority }, (now() - queuedAt) / 1000);
      let answer: Answer<Data> | undefined;
      try {
        const accessToken = await tokens.accessToken(shop);
        answer = await send<Data>(shop, accessToken, body);
        if (answer.kind === 'rate_limited') queue.pause(answer.retryAfter ?? 0);
        return { answer, accessToken };
      } finally {
        release(answer?.cost);
      }
    }

    for (let isAgain = false; ; isAgain = true) {
      const { answer, accessToken } = await attempt(isAgain);
      metrics.adminAttempts.inc({ outcome: answer.kind });
      metrics.adminCost.inc({ priority }, answer.cost?.actualQueryCost ?? 0);
      if (answer.kind === 'done') return { data: answer.data, spoilt: [] };
      if (answer.kind === 'partial' && !isWhole) return answer;
      const failed = answer.kind === 'partial' ? { ...answer.asWhole, cost: answer.cost } : answer;
      const mayBeDone = once && failed.kind === 'unavailable';
      const wait = mayBeDone ? undefined : delayAfter(failed);
      if (wait === undefined) throw toError(document.name, failed);
      log.debug(
        { shop, query: document.name, outcome: answer.kind, wait_ms: wait },
        'admin query tried again',
      );
      if (failed.kind === 'unauthorized') await tokens.refused(shop, accessToken);
      else if (wait > 0) await sleep(wait, signal);
    }
  }

  return {
    query: async (shop, document, variables, options) =>
      (await ask(shop, document, variables, { ...options, isWhole: true })).data,
    read: (shop, document, variables, options) =>
      ask(shop, document, variables, { ...options, isWhole: false }),
  };
}
