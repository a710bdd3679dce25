import { AppError } from '../../errors.ts';
import type { AttentionNotes } from '../../ledger/attention.ts';
import type { Merge, Merges } from '../../ledger/merges.ts';
import type { Logger } from '../../log.ts';
import type { RetainedRoles, Tombstones } from '../../users/tombstones.ts';
import type { CopyMissingMetafields } from './copy-missing-metafields.ts';
import type { Refresh } from '../refresh/refresh.ts';

/**
 * Gives the kept customer of a merge what the other one was and the kept one has no metafield for: featured author, and
 * the plan of a metafield. It is written where the truth is, at Shopify. Admins are never made: somebody is asked to
 * decide. All of it may be repeated and may break off anywhere (docs/decisions/0007).
 */
export interface TransferOnMerge {
  /** One merge. Errors leave it open, for all. */
  one(shop: string, merge: Merge, signal: AbortSignal): Promise<void>;
  /** All merges of a shop that are open. */
  all(shop: string, signal: AbortSignal): Promise<void>;
}

export interface TransferOnMergeDeps {
  readonly copyMissingMetafields: CopyMissingMetafields;
  readonly tombstonesOf: (shop: string) => Tombstones;
  readonly merges: Merges;
  readonly attention: AttentionNotes;
  readonly refresh: Refresh;
  readonly log: Logger;
  readonly now: () => Date;
}

const ATTEMPTS = 5;
const HOPS = 20;
/** So long a kept customer who is gone may turn out to have been merged too: Shopify repeats for four hours. */
const MERGE_WINDOW_MS = 24 * 3_600_000;

const carriesAny = ({ isAdmin, isFeaturedAuthor, planId }: RetainedRoles) =>
  isAdmin || isFeaturedAuthor || planId !== null;

const isRefusal = (error: unknown): error is AppError =>
  error instanceof AppError && (error.code === 'roles_refused' || error.code === 'admin_api_refused');

/** @throws from both functions AppError `store_failed`, `roles_changed_meanwhile` and those of Admin */
export function createTransferOnMerge(deps: TransferOnMergeDeps): TransferOnMerge {
  const { copyMissingMetafields, tombstonesOf, merges, attention, refresh, log, now } = deps;

  /** The customer who is there in the end, if the kept one was merged away too; undefined: the next merge is not known. */
  async function resolveMergeTarget(shop: string, keptId: string): Promise<string | undefined> {
    let id: string | undefined = keptId;
    for (let hop = 0; hop < HOPS && id !== undefined; hop += 1) {
      const remains = await tombstonesOf(shop).find(id);
      if (remains === undefined) return id;
      id = remains.mergedInto;
    }
    return undefined;
  }

  /** False: nobody to give it to is known yet. */
  async function transfer(
    shop: string,
    keptId: string,
    retained: RetainedRoles,
    signal: AbortSignal,
  ): Promise<boolean> {
    const shopifyId = await resolveMergeTarget(shop, keptId);
    if (shopifyId === undefined) return false;
    const since = now().toISOString();
    try {
      if (!(await copyMissingMetafields(shop, shopifyId, retained, signal))) return false;
    } catch (error) {
      if (isRefusal(error))
        await attention.put(shop, {
          shopifyId,
          subject: 'roles_refused',
          codes: ['roles_not_transferred'],
          since,
        });
      throw error;
    }
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const result = (await refresh(shop, [shopifyId], { priority: 'background', signal })).get(shopifyId);
      // Merged away or deleted in this moment: then its own tombstone may not know what it was given.
      if (result === 'gone' || result === 'deleted') return false;
      if (result !== 'conflict' && result !== 'outdated') break;
    }
    if (retained.isAdmin)
      await attention.put(shop, { shopifyId, subject: 'admin_merged', codes: ['admin_merged_away'], since });
    await attention.clear(shop, shopifyId, 'roles_refused');
    return true;
  }

  /** False: it has to wait for another merge. */
  async function settleMerge(shop: string, merge: Merge, signal: AbortSignal): Promise<boolean> {
    const { keptId, deletedId, toldAt } = merge;
    const retained = (await tombstonesOf(shop).find(deletedId))?.retained;
    const moves = retained !== undefined && carriesAny(retained);
    const handed = !moves || (await transfer(shop, keptId, retained, signal));
    if (!handed && now().getTime() - Date.parse(toldAt) < MERGE_WINDOW_MS) return false;
    await tombstonesOf(shop).settle(deletedId, keptId);
    await merges.remove(shop, merge);
    if (moves)
      log.info(
        { shop, shopify_id: deletedId, kept_id: keptId, ...retained, handed },
        'flags of a merge moved',
      );
    return true;
  }

  /** Resolves to those that have to wait. */
  async function settleEach(shop: string, open: readonly Merge[], signal: AbortSignal): Promise<Merge[]> {
    const left: Merge[] = [];
    for (const merge of open) {
      try {
        if (!(await settleMerge(shop, merge, signal))) left.push(merge);
      } catch (error) {
        // One that Shopify refuses must not hold up the others.
        if (!isRefusal(error)) throw error;
        log.warn({ err: error, shop, shopify_id: merge.deletedId }, 'flags of a merge not moved');
      }
    }
    return left;
  }

  return {
    async one(shop, merge, signal) {
      await settleMerge(shop, merge, signal);
    },

    async all(shop, signal) {
      let open = await merges.all(shop);
      let before: number;
      // What was settled may be what another one waits for.
      do {
        before = open.length;
        open = await settleEach(shop, open, signal);
      } while (open.length > 0 && open.length < before);
    },
  };
}
