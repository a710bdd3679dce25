import { AppError } from '../../errors.ts';
import type { Merge } from '../../ledger/merges.ts';
import type { RetainedRoles } from '../../users/tombstones.ts';
import { refreshUntilSettled } from '../refresh/refresh-until-settled.ts';
import type { RefreshContext } from '../refresh/refresh.ts';
import type { SyncContext } from '../sync-context.ts';
import { copyMissingMetafields } from './copy-missing-metafields.ts';

export type MergeContext = RefreshContext & Pick<SyncContext, 'log'>;

const MAX_HOPS = 20;
/** So long a kept customer who is gone may turn out to have been merged too; Shopify repeats a delivery for 4 hours. */
const MERGE_WINDOW_MS = 24 * 3_600_000;

const retainsAny = ({ isAdmin, isFeaturedAuthor, planGid }: RetainedRoles) =>
  isAdmin || isFeaturedAuthor || planGid !== null;

const REFUSALS: ReadonlySet<string> = new Set(['roles_refused', 'permission_missing', 'admin_api_refused']);
const isRefusal = (error: unknown): error is AppError =>
  error instanceof AppError && REFUSALS.has(error.code);

/** The customer who is there in the end, if the kept one was merged away too; undefined: the next merge is not known. */
async function resolveMergeTarget(
  { usersOf }: MergeContext,
  shop: string,
  keptId: string,
): Promise<string | undefined> {
  let id: string | undefined = keptId;
  for (let hop = 0; hop < MAX_HOPS && id !== undefined; hop += 1) {
    const tombstone = await usersOf(shop).tombstones.find(id);
    if (tombstone === undefined) return id;
    id = tombstone.mergedInto;
  }
  return undefined;
}

/** False: nobody to transfer it to is known yet. */
async function transfer(
  context: MergeContext,
  shop: string,
  keptId: string,
  retained: RetainedRoles,
  signal: AbortSignal,
): Promise<boolean> {
  const { attention } = context.ledger;
  const shopifyId = await resolveMergeTarget(context, shop, keptId);
  if (shopifyId === undefined) return false;
  const since = context.now().toISOString();
  try {
    if (!(await copyMissingMetafields(context, shop, shopifyId, retained, signal))) return false;
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
  const options = { priority: 'background', signal } as const;
  // Before anything that follows calls the merge settled, whoever is not is recorded as pending.
  const result = (await refreshUntilSettled(context, shop, [shopifyId], options)).get(shopifyId);
  // Merged away or deleted in this moment: then its own tombstone may not know what it was given.
  if (result === 'gone' || result === 'deleted') return false;
  if (retained.isAdmin)
    await attention.put(shop, { shopifyId, subject: 'admin_merged', codes: ['admin_merged_away'], since });
  await attention.clear(shop, shopifyId, 'roles_refused');
  return true;
}

/**
 * Gives the kept customer of a merge what the other one was and the kept one has no metafield for: featured author, and
 * the plan of a metafield. It is written where the truth is, at Shopify. Admins are never made: somebody is asked to
 * decide. All of it may be repeated and may break off anywhere (docs/decisions/0007-what-moves-on-a-merge.md). False: it has to wait for another
 * merge. An error leaves the merge open.
 * @throws AppError `store_failed`, `roles_refused`, `roles_changed_meanwhile` and those of Admin
 */
async function transferOnMerge(
  context: MergeContext,
  shop: string,
  merge: Merge,
  signal: AbortSignal,
): Promise<boolean> {
  const { usersOf, ledger, log, now } = context;
  const { keptId, deletedId, toldAt } = merge;
  const { tombstones } = usersOf(shop);
  const retained = (await tombstones.find(deletedId))?.retained;
  const transfers = retained !== undefined && retainsAny(retained);
  const transferred = !transfers || (await transfer(context, shop, keptId, retained, signal));
  if (!transferred && now().getTime() - Date.parse(toldAt) < MERGE_WINDOW_MS) return false;
  await tombstones.settle(deletedId, keptId);
  await ledger.merges.remove(shop, merge);
  if (transfers)
    log.info(
      { shop, shopify_id: deletedId, kept_id: keptId, ...retained, transferred },
      'roles transferred on merge',
    );
  return true;
}

/** Resolves to those that have to wait. */
async function transferEach(
  context: MergeContext,
  shop: string,
  open: readonly Merge[],
  signal: AbortSignal,
): Promise<Merge[]> {
  const left: Merge[] = [];
  for (const merge of open) {
    try {
      if (!(await transferOnMerge(context, shop, merge, signal))) left.push(merge);
    } catch (error) {
      // One that Shopify refuses must not hold up the others.
      if (!isRefusal(error)) throw error;
      left.push(merge);
      context.log.warn({ err: error, shop, shopify_id: merge.deletedId }, 'roles not transferred on merge');
    }
  }
  return left;
}

/** All merges of a shop that are open. False: some have to wait. @throws as transferOnMerge */
export async function transferOpenMerges(
  context: MergeContext,
  shop: string,
  signal: AbortSignal,
): Promise<boolean> {
  let open = await context.ledger.merges.all(shop);
  let before: number;
  // What was settled may be what another one waits for.
  do {
    before = open.length;
    open = await transferEach(context, shop, open, signal);
  } while (open.length > 0 && open.length < before);
  return open.length === 0;
}
