import pLimit from 'p-limit';
import type { Installs } from '../ledger/installs.ts';
import type { Merge } from '../ledger/merges.ts';
import type { SyncStates } from '../ledger/sync-state.ts';
import type { Logger } from '../log.ts';
import type { Tokens } from '../shopify/auth/tokens.ts';
import type { Backfill } from './full/full-sync.ts';
import type { Compare } from './full/check.ts';
import type { BackfillProgress } from './full/progress.ts';
import { createTasks } from './jobs/tasks.ts';

/** The work that no request waits for. Any number of processes may do it: each job is one process' at a time. */
export interface Scheduler {
  /** Looks for work in every installed shop from now on, every half minute. */
  start(): void;
  /** The plans of a shop may have changed: reads them now and fans out what changed. */
  plansChanged(shop: string): Promise<void>;
  /** Two customers were merged, and it is noted: moves what has to move now. */
  merged(shop: string, merge: Merge): Promise<void>;
  /** Everything that is due in a shop. */
  runShop(shop: string): Promise<void>;
  /** Begins an import of every customer. Resolves to its progress; undefined: one runs already. */
  startBackfill(shop: string): Promise<BackfillProgress | undefined>;
  /** Begins a comparison of everybody. Resolves to its progress; undefined: one runs already. */
  startCompare(shop: string, options: { readonly repair: boolean }): Promise<BackfillProgress | undefined>;
  /** Stops at the next page of every job; another process goes on from there. */
  stop(): Promise<void>;
}

/** What the scheduler starts, each for one shop; create-sync.ts binds the flows. */
export interface ScheduledWork {
  readonly readPlans: (shop: string, stop: AbortSignal) => Promise<boolean>;
  readonly fanOut: (shop: string, stop: AbortSignal) => Promise<void>;
  readonly transferOnMerge: (shop: string, merge: Merge, stop: AbortSignal) => Promise<unknown>;
  readonly transferOpenMerges: (shop: string, stop: AbortSignal) => Promise<void>;
  readonly reconcile: (
    shop: string,
    stop: AbortSignal,
  ) => Promise<{ readonly done: Promise<void> } | undefined>;
  readonly countPeople: (shop: string) => Promise<void>;
  readonly backfill: Pick<Backfill, 'begin' | 'isDue'>;
  readonly compare: Compare;
}

interface SchedulerOptions {
  /** The one shop of the deployment; undefined: every installed one. Another's users would go under this one's keys. */
  readonly onlyShop: string | undefined;
  readonly reconcileMinutes: number;
  readonly tokens: Pick<Tokens, 'has'>;
}

export interface SchedulerContext {
  readonly ledger: {
    readonly installs: Pick<Installs, 'listShops' | 'status'>;
    readonly states: Pick<SyncStates, 'get' | 'takePlansTurn'>;
  };
  readonly log: Logger;
  readonly now: () => Date;
}

const TICK_MS = 30_000;
/** So many shops are looked at and reconciled at once, so that webhooks find sockets free. */
const SHOPS_AT_ONCE = 16;
/** Deployments without metaobject webhooks learn of changed plans by this. */
const PLANS_EVERY_MS = 5 * 60_000;

export function createScheduler(
  context: SchedulerContext,
  work: ScheduledWork,
  { onlyShop, reconcileMinutes, tokens }: SchedulerOptions,
): Scheduler {
  const { log, now } = context;
  const { installs, states } = context.ledger;
  const { backfill, compare } = work;
  const tasks = createTasks({ log });
  const { signal } = tasks;
  /** Shops that this process has compared since it started: what a crash left undone is found at the next start. */
  const compared = new Set<string>();
  const limit = pLimit(SHOPS_AT_ONCE);
  let timer: NodeJS.Timeout | undefined;

  /** Not waited for: it may take hours, and other work of this shop and of others goes on meanwhile. */
  function follow(shop: string, finished: Promise<unknown>): void {
    void tasks.runSafely(shop, async () => {
      await finished;
      await work.countPeople(shop);
    });
  }

  async function startBackfill(shop: string): Promise<BackfillProgress | undefined> {
    const run = await backfill.begin(shop, signal);
    if (run !== undefined) follow(shop, run.finished);
    return run?.progress();
  }

  async function startCompare(
    shop: string,
    options: { readonly repair: boolean },
  ): Promise<BackfillProgress | undefined> {
    const run = await compare.begin(shop, options, signal);
    if (run !== undefined) follow(shop, run.finished);
    return run?.progress();
  }

  /** A plan may change while the shop's plans are fanned out: then it is done once more after that. */
  const fanOutDue = (shop: string) =>
    tasks.runCoalesced(`fan-out ${shop}`, () => tasks.runSafely(shop, () => work.fanOut(shop, signal)));

  async function plansChanged(shop: string): Promise<void> {
    await tasks.runSafely(shop, () => work.readPlans(shop, signal));
    await fanOutDue(shop);
  }

  const plansDue = (shop: string) =>
    tasks.runSafely(shop, async () => {
      if (await states.takePlansTurn(shop, PLANS_EVERY_MS)) await work.readPlans(shop, signal);
    });

  async function reconcileDue(shop: string): Promise<void> {
    const { reconciled } = await states.get(shop);
    const age = now().getTime() - Date.parse(reconciled?.at ?? '1970-01-01T00:00:00Z');
    if (compared.has(shop) && age < reconcileMinutes * 60_000) return;
    const begun = await work.reconcile(shop, signal);
    await begun?.done;
    compared.add(shop);
    await work.countPeople(shop);
  }

  async function begin(shop: string): Promise<void> {
    await tasks.runSafely(shop, async () => {
      if (await backfill.isDue(shop)) await startBackfill(shop);
    });
    await tasks.runSafely(shop, async () => {
      const due = await compare.due(shop);
      if (due !== undefined) await startCompare(shop, due);
    });
    await tasks.runSafely(shop, () => work.transferOpenMerges(shop, signal));
    await tasks.runSafely(shop, () => reconcileDue(shop));
  }

  async function runShop(shop: string): Promise<void> {
    if (onlyShop !== undefined && shop !== onlyShop) return;
    if ((await installs.status(shop)) !== 'installed') return;
    // Without a token nothing can be asked for until the merchant opens the app.
    const canAsk = await tokens.has(shop);
    if (canAsk) await tasks.runExclusive(`plans ${shop}`, () => limit(() => plansDue(shop)));
    await Promise.all([
      canAsk ? tasks.runExclusive(`sync ${shop}`, () => limit(() => begin(shop))) : undefined,
      // It may take long and needs no Shopify, so it neither waits for the others nor holds them up.
      fanOutDue(shop),
    ]);
  }

  async function tick(): Promise<void> {
    try {
      // Nobody waits for a shop: a long job of one holds up neither another's nor the next look at it.
      for await (const shop of installs.listShops()) void tasks.runSafely(shop, () => runShop(shop));
    } catch (error) {
      log.warn({ err: error }, 'shops could not be listed');
    }
    if (!signal.aborted) timer = setTimeout(() => void tick(), TICK_MS);
  }

  return {
    start: () => void tick(),
    plansChanged,
    merged: (shop, merge) => tasks.runSafely(shop, () => work.transferOnMerge(shop, merge, signal)),
    runShop,
    startBackfill,
    startCompare,
    async stop() {
      clearTimeout(timer);
      await tasks.stop();
    },
  };
}
