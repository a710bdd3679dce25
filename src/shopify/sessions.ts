import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, GetCommand, UpdateCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { AppError } from '../errors.ts';
import type { Encryption } from './encryption.ts';

/** A shop's offline session: what the app calls the Admin API with. Instants are UTC ISO 8601. */
export interface OfflineSession {
  readonly accessToken: string;
  readonly refreshToken?: string | undefined;
  readonly expiresAt: string;
  readonly scope: string;
  /** When the merchant's presence stood behind it, by Shopify's clock; a refresh keeps it. */
  readonly authorizedAt: string;
  /** It was fetched because Shopify had refused the one before it. */
  readonly afterRefusal?: boolean | undefined;
}

/** The one who may change a shop's session now. */
export interface Lease {
  /** The session as it stood when the lease began. */
  readonly session: OfflineSession | undefined;
  /** False if the lease had run out; the session is then not stored. */
  store(session: OfflineSession): Promise<boolean>;
  /** Takes the session away for good. */
  discard(): Promise<void>;
  /** Ends the lease without a change. */
  release(): Promise<void>;
}

export interface Sessions {
  /** Strongly consistent. */
  get(shop: string): Promise<OfflineSession | undefined>;
  /** Undefined while another process or request has the lease; it runs out by itself. */
  lease(shop: string): Promise<Lease | undefined>;
  /** Removes a session that was authorized before an instant. */
  removeOlder(shop: string, instant: string): Promise<void>;
  /** Seals the shop's session with the current key. False: it was, or there is none. */
  reseal(shop: string): Promise<boolean>;
}

export interface SessionsDeps {
  readonly client: DynamoDBDocumentClient;
  /** The ledger's full name. */
  readonly table: string;
  readonly encryption: Encryption;
  readonly now: () => Date;
}

// Longer than the bounded attempts of a token request take (tokens.ts).
const LEASE_MS = 20_000;

const stored = z.object({ key_id: z.string(), sealed: z.string(), authorized_at: z.string() });
const content = z.object({
  accessToken: z.string(),
  refreshToken: z.string().optional(),
  expiresAt: z.string(),
  scope: z.string(),
  afterRefusal: z.boolean().optional(),
});

/** Sessions in the ledger, both tokens sealed. Those of staff are not kept. */
export function createSessions({ client, table, encryption, now }: SessionsDeps): Sessions {
  const keyOf = (shop: string) => ({ pk: shop, sk: 'session' });

  function toSession(shop: string, item: unknown): OfflineSession | undefined {
    const parsed = stored.safeParse(item);
    if (!parsed.success) return undefined;
    const { authorized_at: authorizedAt, ...sealed } = parsed.data;
    return { ...content.parse(JSON.parse(encryption.open(sealed, shop))), authorizedAt };
  }

  async function getItem(shop: string): Promise<Record<string, unknown> | undefined> {
    const { Item } = await client.send(
      new GetCommand({ TableName: table, Key: keyOf(shop), ConsistentRead: true }),
    );
    return Item;
  }

  /** Sends a conditional change; undefined if the condition does not hold. */
  async function change(
    shop: string,
    expression: string,
    condition: string,
    values: Record<string, unknown>,
  ): Promise<Record<string, unknown> | undefined> {
    try {
      const { Attributes } = await client.send(
        new UpdateCommand({
          TableName: table,
          Key: keyOf(shop),
          UpdateExpression: expression,
          ConditionExpression: condition,
          ExpressionAttributeValues: values,
          ReturnValues: 'ALL_NEW',
        }),
      );
      return Attributes ?? {};
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return undefined;
      throw error;
    }
  }

  async function storeSession(shop: string, session: OfflineSession, holder: string): Promise<boolean> {
    const { authorizedAt, ...secret } = session;
    const { key_id, sealed } = encryption.seal(JSON.stringify(secret), shop);
    const stands = await change(
      shop,
      'SET key_id = :key_id, sealed = :sealed, authorized_at = :authorized_at REMOVE holder, held_until',
      'holder = :holder',
      { ':key_id': key_id, ':sealed': sealed, ':authorized_at': authorizedAt, ':holder': holder },
    );
    return stands !== undefined;
  }

  /** A session whose key is lost counts as none here, so that the merchant's next visit replaces it. */
  function toLeased(shop: string, item: unknown): OfflineSession | undefined {
    try {
      return toSession(shop, item);
    } catch (error) {
      if (error instanceof AppError && error.code === 'token_unreadable') return undefined;
      throw error;
    }
  }

  function toLease(shop: string, holder: string, item: unknown): Lease {
    return {
      session: toLeased(shop, item),
      store: (session) => orStoreFailed(() => storeSession(shop, session, holder)),
      discard: () =>
        orStoreFailed(async () => {
          const expression = 'REMOVE holder, held_until, key_id, sealed, authorized_at';
          await change(shop, expression, 'holder = :holder', { ':holder': holder });
        }),
      release: () =>
        orStoreFailed(async () => {
          await change(shop, 'REMOVE holder, held_until', 'holder = :holder', { ':holder': holder });
        }),
    };
  }

  async function lease(shop: string): Promise<Lease | undefined> {
    const holder = randomUUID();
    const time = now().getTime();
    const item = await change(
      shop,
      'SET holder = :holder, held_until = :until',
      'attribute_not_exists(held_until) OR held_until < :now',
      { ':holder': holder, ':until': time + LEASE_MS, ':now': time },
    );
    if (item === undefined) return undefined;
    return toLease(shop, holder, item);
  }

  async function reseal(shop: string): Promise<boolean> {
    const parsed = stored.safeParse(await getItem(shop));
    if (!parsed.success || parsed.data.key_id === encryption.keyId) return false;
    encryption.open(parsed.data, shop);
    const held = await lease(shop);
    if (held?.session === undefined) return false;
    return held.store(held.session);
  }

  async function removeOlder(shop: string, instant: string): Promise<void> {
    try {
      await client.send(
        new DeleteCommand({
          TableName: table,
          Key: keyOf(shop),
          ConditionExpression: 'authorized_at < :instant',
          ExpressionAttributeValues: { ':instant': instant },
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }

  return {
    get: (shop) => orStoreFailed(async () => toSession(shop, await getItem(shop))),
    lease: (shop) => orStoreFailed(() => lease(shop)),
    removeOlder: (shop, instant) => orStoreFailed(() => removeOlder(shop, instant)),
    reseal: (shop) => orStoreFailed(() => reseal(shop)),
  };
}

async function orStoreFailed<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('store_failed', 'DynamoDB did not answer about a session', { cause });
  }
}
