import type { Installs } from '../ledger/installs.ts';
import type { SyncStates } from '../ledger/sync-state.ts';
import type { Logger } from '../log.ts';
import { createLogLimit } from '../log-limit.ts';
import type { Metrics } from '../metrics.ts';

/** The version of the Admin API that documents are written for; shopify.app.toml asks for webhooks of the same. */
export const API_VERSION = '2026-10';

/** Who tells a version. */
type ToldBy = 'admin_api' | 'webhooks';

/**
 * Takes the X-Shopify-API-Version of an answer or a delivery. Shopify uses the oldest version that it still supports in
 * place of one that has ended, without an error. Never throws: it must not cost the answer or the delivery.
 */
export type TakeApiVersion = (shop: string, by: ToldBy, version: string | null | undefined) => void;

export interface ApiVersionsDeps {
  readonly installs: Pick<Installs, 'status'>;
  readonly states: Pick<SyncStates, 'recordApiVersion'>;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly now: () => Date;
}

const REPEAT_MS = 3_600_000;
// A delivery's header is not covered by its HMAC.
const FORM = /^(?:\d{4}-\d\d|unstable)$/;

/** Counts versions other than ours, and notes them in the shop's sync state, at most hourly while they last. */
export function createTakeApiVersion({
  installs,
  states,
  metrics,
  log,
  now,
}: ApiVersionsDeps): TakeApiVersion {
  // By shop and who told it, while it differs.
  const noted = new Map<string, { readonly version: string; readonly at: number }>();
  const mayLog = createLogLimit(now);

  async function note(shop: string, by: ToldBy, version: string | undefined): Promise<void> {
    try {
      if ((await installs.status(shop)) === 'installed') await states.recordApiVersion(shop, by, version);
    } catch (error) {
      noted.delete(`${shop} ${by}`);
      log.warn({ err: error, shop, by }, 'api version not noted');
    }
  }

  return function takeApiVersion(shop, by, version) {
    if (typeof version !== 'string' || !FORM.test(version)) return;
    const key = `${shop} ${by}`;
    if (version === API_VERSION) {
      if (noted.delete(key)) void note(shop, by, undefined);
      return;
    }
    metrics.apiVersionDiffers.inc({ where: by });
    if (mayLog(by)) log.warn({ shop, by, version, ours: API_VERSION }, 'api version differs');
    const before = noted.get(key);
    if (before?.version === version && now().getTime() - before.at < REPEAT_MS) return;
    noted.set(key, { version, at: now().getTime() });
    void note(shop, by, version);
  };
}
