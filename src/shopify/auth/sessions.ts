import { z } from 'zod';
import { AppError } from '../../errors.ts';
import { createItems, type Expression, type ItemsDeps } from '../../ledger/items.ts';
import { LEASE_ATTRIBUTES, takeLease } from '../../ledger/lease.ts';
import type { Encryption } from '../../encryption.ts';

/** A shop's offline session: its tokens for the Admin API. Instants are UTC ISO 8601. */
export interface OfflineSession {
  readonly accessToken: string;
  readonly refreshToken?: string | undefined;
  readonly expiresAt: string;
  readonly scope: string;
  /** When the merchant authorized it, by Shopify's clock; a refresh keeps it. */
  readonly authorizedAt: string;
  /** It was fetched because Shopify refused its predecessor. */
  readonly afterRefusal?: boolean | undefined;
}

/** The exclusive right to change a shop's session. */
export interface Lease {
  /** The session when the lease was taken. */
  readonly session: OfflineSession | undefined;
  /** False if the lease has expired; then nothing is stored. */
  store(session: OfflineSession): Promise<boolean>;
  /** Deletes the session and ends the lease. */
  discard(): Promise<void>;
  /** Ends the lease, without a change of the session. */
  release(): Promise<void>;
}

/** `unchanged`: encrypted with the current key already, or no session. `unreadable`: its key is lost. `busy`: leased. */
type Resealed = 'sealed' | 'unchanged' | 'unreadable' | 'busy';

export interface Sessions {
  /** Strongly consistent. */
  get(shop: string): Promise<OfflineSession | undefined>;
  /** Undefined while another process or request has the lease. A lease expires by itself. */
  lease(shop: string): Promise<Lease | undefined>;
  /** Deletes a session that was authorized before an instant. */
  removeOlder(shop: string, instant: string): Promise<void>;
  /** Encrypts the shop's session with the current key. */
  reseal(shop: string): Promise<Resealed>;
}

export interface SessionsDeps extends ItemsDeps {
  readonly encryption: Encryption;
}

// Longer than all attempts of a token request together (token-requests.ts).
const LEASE_MS = 20_000;

const stored = z.object({ key_id: z.string(), sealed: z.string(), authorized_at: z.string() });
const content = z.object({
  accessToken: z.string(),
  refreshToken: z.string().optional(),
  expiresAt: z.string(),
  scope: z.string(),
  afterRefusal: z.boolean().optional(),
});

/**
 * Offline sessions in the ledger, with both tokens encrypted. Online sessions of staff are not stored.
 * @throws AppError `store_failed` from every function, `token_unreadable` from `get`
 */
export function createSessions({ encryption, ...deps }: SessionsDeps): Sessions {
  const { now } = deps;
  const items = createItems(deps);
  const keyOf = (shop: string) => ({ pk: shop, sk: 'session' });

  function toSession(shop: string, item: unknown): OfflineSession | undefined {
    const parsed = stored.safeParse(item);
    if (!parsed.success) return undefined;
    const { authorized_at: authorizedAt, ...sealed } = parsed.data;
    return { ...content.parse(JSON.parse(encryption.open(sealed, shop))), authorizedAt };
  }

  const getItem = (shop: string) => items.get(keyOf(shop));

  async function storeSession(shop: string, session: OfflineSession, holder: Expression): Promise<boolean> {
    const { authorizedAt, ...secret } = session;
    const { key_id, sealed } = encryption.seal(JSON.stringify(secret), shop);
    const text = `SET key_id = :key_id, sealed = :sealed, authorized_at = :authorized_at REMOVE ${LEASE_ATTRIBUTES}`;
    const values = { ':key_id': key_id, ':sealed': sealed, ':authorized_at': authorizedAt };
    return (await items.update(keyOf(shop), { text, values }, holder)) !== undefined;
  }

  function readSession(shop: string, item: unknown): OfflineSession | 'unreadable' | undefined {
    try {
      return toSession(shop, item);
    } catch (error) {
      if (error instanceof AppError && error.code === 'token_unreadable') return 'unreadable';
      throw error;
    }
  }

  function toLease(shop: string, holder: Expression, item: unknown): Lease {
    const change = async (text: string) => void (await items.update(keyOf(shop), { text }, holder));
    const read = readSession(shop, item);
    return {
      // A session whose key is lost counts as none, so that the merchant's next visit replaces it.
      session: read === 'unreadable' ? undefined : read,
      store: (session) => storeSession(shop, session, holder),
      discard: () => change(`REMOVE ${LEASE_ATTRIBUTES}, key_id, sealed, authorized_at`),
      release: () => change(`REMOVE ${LEASE_ATTRIBUTES}`),
    };
  }

  async function lease(shop: string): Promise<Lease | undefined> {
    const taken = await takeLease(items, keyOf(shop), now(), LEASE_MS);
    return taken && toLease(shop, taken.isHeld, taken.item);
  }

  return {
    get: async (shop) => toSession(shop, await getItem(shop)),
    lease,

    async removeOlder(shop, instant) {
      await items.remove(keyOf(shop), { text: 'authorized_at < :instant', values: { ':instant': instant } });
    },

    async reseal(shop) {
      const item = await getItem(shop);
      const session = readSession(shop, item);
      if (session === 'unreadable') return session;
      if (session === undefined || item?.['key_id'] === encryption.keyId) return 'unchanged';
      const held = await lease(shop);
      if (held === undefined) return 'busy';
      if (held.session !== undefined) return (await held.store(held.session)) ? 'sealed' : 'busy';
      await held.release();
      return 'unchanged';
    },
  };
}
