import { refresh, type RefreshContext, type Refreshed, type RefreshOptions } from './refresh.ts';
import { isSettled, isVoid, recordAsPending } from './settled.ts';

const ATTEMPTS = 5;
const BATCH = 50;
const FIRST_WAIT_MS = 200;

/**
 * Refreshes customers, and those again whose snapshot was void, five times at most with growing waits. Whoever is not
 * settled then is recorded as pending. Resolves to what became of each: `conflict` or `outdated` if others write to them
 * all the time.
 * @throws as refresh, and the signal's reason: then nobody is recorded, and whoever asked must not call it done
 */
export async function refreshUntilSettled(
  context: RefreshContext,
  shop: string,
  shopifyIds: readonly string[],
  options: RefreshOptions,
): Promise<ReadonlyMap<string, Refreshed>> {
  const results = new Map<string, Refreshed>();
  let waiting = shopifyIds;
  for (let attempt = 1; waiting.length > 0 && attempt <= ATTEMPTS; attempt += 1) {
    if (attempt > 1) await context.sleep(FIRST_WAIT_MS * (attempt - 1), options.signal);
    for (let start = 0; start < waiting.length; start += BATCH) {
      const batch = waiting.slice(start, start + BATCH);
      for (const [id, result] of await refresh(context, shop, batch, options)) results.set(id, result);
    }
    waiting = waiting.filter((id) => isVoid(results.get(id)));
  }
  await recordAsPending(
    context,
    shop,
    shopifyIds.filter((id) => !isSettled(results.get(id))),
  );
  return results;
}
