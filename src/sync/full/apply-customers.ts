import pLimit from 'p-limit';
import { resolveEntitlements } from '../../customers/entitlements.ts';
import { readSnapshot } from '../../customers/snapshot.ts';
import { currentPlans } from '../../ledger/plans.ts';
import { codesOf, readMembershipIssues } from '../refresh/membership-issues.ts';
import { estimateWriteUnits } from '../../users/write-limiter.ts';
import { refreshUntilSettled } from '../refresh/refresh-until-settled.ts';
import type { RefreshContext, Refreshed } from '../refresh/refresh.ts';

/** What became of the customers of one piece of an import. */
export interface Imported {
  readonly written: number;
  readonly unchanged: number;
  readonly already_newer: number;
  readonly tombstoned: number;
  readonly failed: number;
  /** Queries that it took. */
  readonly requests: number;
  /** Of its own updates, as DynamoDB counted them; of a refused one as reckoned for the pace. */
  readonly write_units: number;
}

/**
 * Brings customers as a bulk operation or a listing told them into the users table, a few hundred at once.
 * @throws AppError `store_failed` and those of Admin; what is written stays, so it may be called again
 */
export type ImportCustomers = (
  shop: string,
  nodes: ReadonlyMap<string, unknown>,
  signal: AbortSignal,
) => Promise<Imported>;

/** Writes under way in this process, of all shops that import. */
const AT_ONCE = 16;
/** As often a customer is tried whom others are writing to. */
const TRIES = 5;
const REFRESH_BATCH = 50;

type Outcome = 'written' | 'unchanged' | 'already_newer' | 'tombstoned' | 'failed';

function toOutcome(refreshed: Refreshed): Outcome {
  switch (refreshed) {
    case 'written':
    case 'unchanged':
      return refreshed;
    case 'deleted':
      return 'tombstoned';
    // Deleted at Shopify since: its webhook, or else the comparison, brings that.
    case 'gone':
      return 'already_newer';
    case 'conflict':
    case 'outdated':
    case 'refused':
    case 'unreadable':
      return 'failed';
  }
}

export function createImportCustomers(context: RefreshContext): ImportCustomers {
  const { usersOf, ledger, rules, writeLimiter } = context;
  const limit = pLimit(AT_ONCE);

  return async function importCustomers(shop, nodes, signal) {
    const users = usersOf(shop);
    const counts = { written: 0, unchanged: 0, already_newer: 0, tombstoned: 0, failed: 0 };
    let requests = 0;
    let writeUnits = 0;
    const [storedItems, all, notes] = await Promise.all([
      users.getItems([...nodes.keys()]),
      ledger.plans.all(shop),
      readMembershipIssues(context, shop, [...nodes.keys()]),
    ]);
    const known = currentPlans(all);
    const gone = new Set(all.filter(({ goneAt }) => goneAt !== undefined).map(({ gid }) => gid));

    /** Of several writers one is first; the others look again. */
    async function apply(id: string, node: unknown): Promise<Outcome | 'ask'> {
      const snapshot = readSnapshot(node);
      if (snapshot === 'unreadable') return 'ask';
      const entitlements = resolveEntitlements(snapshot, known, rules);
      const isNoted = notes.isRecorded(id, entitlements.attention);
      let stored = storedItems.get(id);
      for (let tried = 0; tried < TRIES; tried += 1) {
        const weighed = users.classifySnapshot(snapshot, entitlements, stored);
        if (weighed === 'deleted') return 'tombstoned';
        // A tag may have changed since, and what needs attention with it, although the item is the same.
        if (weighed === 'unchanged' && !isNoted) return 'ask';
        if (weighed !== 'apply') return weighed;
        // Its members have been looked after already: nobody would take the plan from who is written with it now.
        if (entitlements.plan !== null && gone.has(entitlements.plan.gid)) return 'ask';
        const units = estimateWriteUnits(entitlements);
        await writeLimiter(units);
        signal.throwIfAborted();
        writeUnits += units;
        const applied = await users.applySnapshot(snapshot, entitlements, stored, (used) => {
          writeUnits += used - units;
        });
        if (applied === 'written' || applied === 'unchanged') {
          if (!isNoted) await notes.record(id, entitlements.attention);
          return applied;
        }
        if (applied === 'refused') {
          await notes.record(id, codesOf(entitlements, applied));
          return 'failed';
        }
        stored = (await users.getItems([id])).get(id);
      }
      return 'ask';
    }

    /** What Shopify says now, for those of whom nobody can tell whether the line or the item is newer. */
    async function ask(asked: readonly string[]): Promise<void> {
      if (asked.length === 0) return;
      requests += Math.ceil(asked.length / REFRESH_BATCH);
      const options = { priority: 'background', signal, limitWrites: true } as const;
      const results = await refreshUntilSettled(context, shop, asked, options);
      for (const result of results.values()) counts[toOutcome(result)] += 1;
    }

    const outcomes = await Promise.all(
      [...nodes].map(([id, node]) => limit(async () => [id, await apply(id, node)] as const)),
    );
    for (const [, outcome] of outcomes) if (outcome !== 'ask') counts[outcome] += 1;
    await ask(outcomes.filter(([, outcome]) => outcome === 'ask').map(([id]) => id));
    return { ...counts, requests, write_units: writeUnits };
  };
}
