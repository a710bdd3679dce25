import pLimit from 'p-limit';
import { resolveEntitlements } from '../../customers/entitlements.ts';
import type { DifferenceRow } from '../../ledger/full-sync-reports.ts';
import { currentPlans } from '../../ledger/plans.ts';
import { codesOf, readMembershipIssues } from '../refresh/membership-issues.ts';
import { estimateWriteUnits } from '../../users/write-limiter.ts';
import { readSnapshots } from '../refresh/read-snapshots.ts';
import { refreshUntilSettled } from '../refresh/refresh-until-settled.ts';
import type { RefreshContext, Refreshed } from '../refresh/refresh.ts';
import { allOrFirstError, noOutcomes, type HandleCustomers } from './batches.ts';
import { toRow } from './differences.ts';
import type { Outcome } from './progress.ts';

/** Writes under way in this process, of all shops. */
const AT_ONCE = 16;
/** As often a customer is tried whom others are writing to. */
const TRIES = 5;
const REFRESH_BATCH = 50;

function toOutcome(refreshed: Refreshed | undefined): Outcome {
  switch (refreshed) {
    case 'written':
    case 'unchanged':
      return refreshed;
    case 'deleted':
      return 'tombstoned';
    // Deleted at Shopify since, it seems: deletions.ts asks once more.
    case 'gone':
      return 'already_newer';
    case 'refused':
    case 'unreadable':
    case 'unanswered':
      return 'failed';
    case 'conflict':
    case 'outdated':
    case undefined:
      return 'undecided';
  }
}

/** Brings listed customers into the users table. */
export function createApplyCustomers(context: RefreshContext): HandleCustomers {
  const { usersOf, ledger, rules, writeLimiter } = context;
  const limit = pLimit(AT_ONCE);

  return async function applyCustomers(shop, nodes, signal) {
    const users = usersOf(shop);
    const outcomes = noOutcomes();
    const rows: DifferenceRow[] = [];
    const gone: string[] = [];
    let requests = 0;
    let writeUnits = 0;
    const [storedItems, all, notes] = await Promise.all([
      users.getItems([...nodes.keys()]),
      ledger.plans.all(shop),
      readMembershipIssues(context, shop, [...nodes.keys()]),
    ]);
    const snapshots = await readSnapshots(context, shop, nodes, storedItems, { tellsErrors: false });
    const known = currentPlans(all);
    const goneIds = new Set(all.filter(({ goneAt }) => goneAt !== undefined).map(({ gid }) => gid));

    /** What became of one, with how their user differed from what was listed. */
    function settle(id: string, outcome: Outcome): void {
      outcomes[outcome] += 1;
      if (outcome !== 'written') return;
      const snapshot = snapshots.get(id);
      const stored = storedItems.get(id);
      if (snapshot === undefined || typeof snapshot === 'string')
        return void rows.push(toRow(id, [], undefined, stored, true));
      const names = users.differences(snapshot, resolveEntitlements(snapshot, known, rules), stored);
      rows.push(toRow(id, names, snapshot.customer.updatedAt, stored, true));
    }

    /** Of several writers one is first; the others look again. */
    async function apply(id: string): Promise<Outcome | 'ask'> {
      const snapshot = snapshots.get(id) ?? 'unanswered';
      if (typeof snapshot === 'string') return 'ask';
      const entitlements = resolveEntitlements(snapshot, known, rules);
      const codes = codesOf(entitlements);
      const isNoted = codes === undefined || notes.isRecorded(id, codes);
      let stored = storedItems.get(id);
      for (let tried = 0; tried < TRIES; tried += 1) {
        const decision = users.classifySnapshot(snapshot, entitlements, stored);
        if (decision === 'deleted') return 'tombstoned';
        // A tag may have changed since, and what needs attention with it, although the item is the same.
        if (decision === 'unchanged' && !isNoted) return 'ask';
        if (decision !== 'apply') return decision;
        // Its members have been looked after already: nobody would take the plan from who is written with it now.
        const { plan } = entitlements;
        if (plan !== null && plan !== undefined && goneIds.has(plan.gid)) return 'ask';
        const units = estimateWriteUnits(entitlements);
        await writeLimiter(units);
        signal.throwIfAborted();
        writeUnits += units;
        const applied = await users.applySnapshot(snapshot, entitlements, stored, {
          onCapacityUsed(used) {
            writeUnits += used - units;
          },
        });
        if (applied === 'written' || applied === 'unchanged') {
          if (!isNoted) await notes.record(id, codes);
          return applied;
        }
        if (applied === 'refused') {
          await notes.record(id, codesOf(entitlements, applied) ?? []);
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
      for (const id of asked) {
        const result = results.get(id);
        settle(id, toOutcome(result));
        if (result === 'gone' && storedItems.get(id) !== undefined) gone.push(id);
      }
    }

    const found = await allOrFirstError(
      [...nodes.keys()].map((id) => limit(async () => [id, await apply(id)] as const)),
    );
    for (const [id, outcome] of found) if (outcome !== 'ask') settle(id, outcome);
    await ask(found.filter(([, outcome]) => outcome === 'ask').map(([id]) => id));
    return { outcomes, rows, gone, requests, write_units: writeUnits };
  };
}
