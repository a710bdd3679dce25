import { refresh, type RefreshContext, type Refreshed, type RefreshOptions } from './refresh.ts';
import { settleOutdated } from './settle-outdated.ts';
import { isSettled, isVoid, recordAsPending } from './settled.ts';

const ATTEMPTS = 5;
const BATCH = 50;
const FIRST_WAIT_MS = 200;

/**
 * Refreshes customers, and those again whose snapshot was void, five times at most with growing waits. Whoever is not
 * settled then is recorded as pending. Resolves to what became of each: `conflict` if others write to them all the time,
 * `outdated` if the stored time is ahead, for now (settle-outdated.ts).
 * @throws as refresh, and the signal's reason: then nobody is recorded, and whoever asked must not call it done
 */
export async function refreshUntilSettled(
  context: RefreshContext,
  shop: string,
  shopifyIds: readonly string[],
  options: RefreshOptions,
): Promise<ReadonlyMap<string, Refreshed>> {
  const results = new Map<string, Refreshed>();
  const outdated = new Map<string, string>();
  const noting = {
    ...options,
    onOutdated: (id: string, updatedAt: string) => void outdated.set(id, updatedAt),
  };
  let waiting = shopifyIds;
  for (let attempt = 1; waiting.length > 0 && attempt <= ATTEMPTS; attempt += 1) {
    if (attempt > 1) await context.sleep(FIRST_WAIT_MS * (attempt - 1), options.signal);
    for (let start = 0; start < waiting.length; start += BATCH) {
      const batch = waiting.slice(start, start + BATCH);
      for (const [id, result] of await refresh(context, shop, batch, noting)) results.set(id, result);
    }
    waiting = waiting.filter((id) => isVoid(results.get(id)));
  }
  const ahead = [...outdated].filter(([id]) => results.get(id) === 'outdated');
  for (let start = 0; start < ahead.length; start += BATCH) {
    const batch = new Map(ahead.slice(start, start + BATCH));
    for (const [id, result] of await settleOutdated(context, shop, batch, options)) results.set(id, result);
  }
  await recordAsPending(
    context,
    shop,
    // Those who are outdated are recorded.
    shopifyIds.filter((id) => !isSettled(results.get(id)) && results.get(id) !== 'outdated'),
  );
  return results;
}
