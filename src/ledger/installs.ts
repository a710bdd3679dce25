import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { retryConflicts } from '../retry.ts';
import { applyEvent, statusOf, type Install, type InstallEvent, type InstallStatus } from './install.ts';
import { createItems, type ItemsDeps } from './items.ts';

/** The install records, one for each shop. */
export interface Installs {
  /** Strongly consistent. An unknown shop's record is empty. */
  get(shop: string): Promise<Install>;
  /** Applies an event. Resolves to the stored record. */
  record(shop: string, event: InstallEvent): Promise<Install>;
  /**
   * Whether the app is installed. "Installed" alone is cached, for 30 s; anything else is read each time, so that webhooks
   * count at once after an installation that another process recorded.
   */
  status(shop: string): Promise<InstallStatus>;
  /** Every shop that ever had the app. */
  listShops(): AsyncGenerator<string>;
}

const REMEMBERED_MS = 30_000;
const ATTEMPTS = 10;

const stored = z.object({
  version: z.number(),
  confirmed_at: z.string().optional(),
  installed_at: z.string().optional(),
  uninstalled_at: z.string().optional(),
  scheduled_for: z.string().optional(),
  scopes: z.array(z.string()).optional(),
  scopes_at: z.string().optional(),
});

interface Versioned {
  readonly version: number;
  readonly install: Install;
}

/** @throws AppError `store_failed` from every function */
export function createInstalls(deps: ItemsDeps): Installs {
  const { now } = deps;
  const items = createItems(deps);
  /** By shop, until when it counts as installed, in milliseconds of the epoch. */
  const remembered = new Map<string, number>();
  // One partition for all shops, so that they can be listed without a scan.
  const keyOf = (shop: string) => ({ pk: 'installs', sk: shop });

  async function read(shop: string): Promise<Versioned> {
    const item = await items.get(keyOf(shop));
    if (item === undefined) return { version: 0, install: {} };
    const { version, ...install } = stored.parse(item);
    return { version, install };
  }

  /** False if the record was written since the version was read. */
  function write(shop: string, version: number, install: Install): Promise<boolean> {
    const unmoved =
      version === 0
        ? { text: 'attribute_not_exists(pk)' }
        : { text: 'version = :version', values: { ':version': version } };
    return items.put({ ...keyOf(shop), ...install, version: version + 1 }, unmoved);
  }

  return {
    get: async (shop) => (await read(shop)).install,

    async record(shop, event) {
      const recorded = await retryConflicts(
        ATTEMPTS,
        'An installation was changed too often at once',
        async () => {
          const { version, install } = await read(shop);
          const next = applyEvent(install, event);
          if (isDeepStrictEqual(next, install) || (await write(shop, version, next))) return next;
          return undefined;
        },
      );
      remembered.delete(shop);
      return recorded;
    },

    async status(shop) {
      if ((remembered.get(shop) ?? 0) > now().getTime()) return 'installed';
      const status = statusOf((await read(shop)).install);
      remembered.delete(shop);
      if (status === 'installed') remembered.set(shop, now().getTime() + REMEMBERED_MS);
      return status;
    },

    async *listShops() {
      for await (const item of items.list(keyOf('').pk)) yield String(item['sk']);
    },
  };
}
