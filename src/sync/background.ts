import type { Installs } from '../ledger/installs.ts';
import type { Merge } from '../ledger/merges.ts';
import type { SyncStates } from '../ledger/sync-state.ts';
import type { Logger } from '../log.ts';
import type { Backfill } from './backfill.ts';
import type { Compare } from './compare.ts';
import type { CountPeople } from './count-people.ts';
import type { FanOut } from './fan-out.ts';
import type { MoveFlags } from './move-flags.ts';
import type { ReadPlans } from './read-plans.ts';
import type { Reconcile } from './reconcile.ts';

/** The work that no request waits for. Any number of processes may do it: each job is one process' at a time. */
export interface Background {
  /** Looks for work in every installed shop from now on, every half minute. */
  start(): void;
  /** The plans of a shop may have changed: reads them now and fans out what changed. */
  plansChanged(shop: string): Promise<void>;
  /** Two customers were merged, and it is noted: moves what has to move now. */
  merged(shop: string, merge: Merge): Promise<void>;
  /** Everything that is due in a shop. */
  runShop(shop: string): Promise<void>;
  /** Begins an import of every customer. Resolves to its progress; undefined: one runs already. */
  startBackfill(shop: string): Promise<object | undefined>;
  /** Begins a comparison of everybody. Resolves to its progress; undefined: one runs already. */
  startCompare(shop: string, options: { readonly heal: boolean }): Promise<object | undefined>;
  /** Stops at the next page of every job; another process goes on from there. */
  stop(): Promise<void>;
}

export interface BackgroundDeps {
  readonly installs: Pick<Installs, 'listShops' | 'status'>;
  readonly states: Pick<SyncStates, 'get' | 'takePlansTurn'>;
  readonly readPlans: ReadPlans;
  readonly fanOut: FanOut;
  readonly moveFlags: MoveFlags;
  readonly reconcile: Reconcile;
  readonly countPeople: CountPeople;
  readonly reconcileMinutes: number;
  readonly now: () => Date;
  readonly backfill: Pick<Backfill, 'begin' | 'isDue'>;
  readonly compare: Compare;
  readonly log: Logger;
}

const TICK_MS = 30_000;
/** Deployments without metaobject webhooks learn of changed plans by this. */
const PLANS_EVERY_MS = 5 * 60_000;

export function createBackground(deps: BackgroundDeps): Background {
  const {
    installs,
    states,
    readPlans,
    fanOut,
    moveFlags,
    backfill,
    compare,
    reconcile,
    countPeople,
    reconcileMinutes,
    log,
    now,
  } = deps;
  const stopped = new AbortController();
  /** Shops that this process has compared since it started: what a crash left undone is found at the next start. */
  const compared = new Set<string>();
  const running = new Set<Promise<unknown>>();
  /** Shops that are being looked at. */
  const busy = new Set<string>();
  let timer: NodeJS.Timeout | undefined;

  /** Does work for a shop; its failure is logged and does not touch other shops. */
  async function attempt(shop: string, work: () => Promise<unknown>): Promise<void> {
    if (stopped.signal.aborted) return;
    const promise: Promise<unknown> = work().catch((error: unknown) => {
      if (!stopped.signal.aborted) log.warn({ err: error, shop }, 'background work failed');
    });
    running.add(promise);
    await promise;
    running.delete(promise);
  }

  const fanOutDue = (shop: string) => attempt(shop, () => fanOut.run(shop, stopped.signal));
  const mergesDue = (shop: string) => attempt(shop, () => moveFlags.all(shop, stopped.signal));

  async function startBackfill(shop: string): Promise<object | undefined> {
    const run = await backfill.begin(shop, stopped.signal);
    // Not waited for: it may take hours, and other work of this shop and of others goes on meanwhile.
    if (run !== undefined) void attempt(shop, () => run.finished);
    return run?.progress();
  }

  async function startCompare(shop: string, options: { heal: boolean }): Promise<object | undefined> {
    const run = await compare.begin(shop, options, stopped.signal);
    if (run !== undefined) void attempt(shop, () => run.finished);
    return run?.progress();
  }

  async function plansChanged(shop: string): Promise<void> {
    await attempt(shop, () => readPlans(shop, stopped.signal));
    await fanOutDue(shop);
  }

  async function runShop(shop: string): Promise<void> {
    if ((await installs.status(shop)) !== 'installed') return;
    await attempt(shop, async () => {
      if (await states.takePlansTurn(shop, PLANS_EVERY_MS)) await readPlans(shop, stopped.signal);
    });
    await attempt(shop, async () => {
      if (await backfill.isDue(shop)) await startBackfill(shop);
    });
    await attempt(shop, async () => {
      const due = await compare.due(shop);
      if (due !== undefined) await startCompare(shop, due);
    });
    // What is due by fan-outs does not need Shopify, so it goes on although Shopify may not answer.
    await Promise.all([mergesDue(shop), reconcileDue(shop), fanOutDue(shop)]);
  }

  const reconcileDue = (shop: string) =>
    attempt(shop, async () => {
      const { reconciled } = await states.get(shop);
      const age = now().getTime() - Date.parse(reconciled?.at ?? '1970-01-01T00:00:00Z');
      if (compared.has(shop) && age < reconcileMinutes * 60_000) return;
      await (
        await reconcile.begin(shop, stopped.signal)
      )?.done;
      compared.add(shop);
      await countPeople(shop);
    });

  async function runAlone(shop: string): Promise<void> {
    busy.add(shop);
    await attempt(shop, () => runShop(shop));
    busy.delete(shop);
  }

  async function tick(): Promise<void> {
    try {
      // Nobody waits for a shop: a long job of one holds up neither another's nor the next look at it.
      for await (const shop of installs.listShops()) if (!busy.has(shop)) void runAlone(shop);
    } catch (error) {
      log.warn({ err: error }, 'shops could not be listed');
    }
    if (!stopped.signal.aborted) timer = setTimeout(() => void tick(), TICK_MS);
  }

  return {
    start: () => void tick(),
    plansChanged,
    merged: (shop, merge) => attempt(shop, () => moveFlags.one(shop, merge, stopped.signal)),
    runShop,
    startBackfill,
    startCompare,
    async stop() {
      stopped.abort();
      clearTimeout(timer);
      await Promise.all(running);
    },
  };
}
