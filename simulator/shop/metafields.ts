import { createHash } from 'node:crypto';

export interface Metafield {
  readonly id: string;
  /** The gid of what it belongs to. */
  readonly ownerId: string;
  readonly namespace: string;
  readonly key: string;
  readonly type: string;
  readonly value: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export type MetafieldKey = Pick<Metafield, 'ownerId' | 'namespace' | 'key'>;
export type MetafieldInput = MetafieldKey & Pick<Metafield, 'type' | 'value'>;

export interface Metafields {
  find(key: MetafieldKey): Metafield | undefined;
  /** All of an owner. */
  of(ownerId: string): Metafield[];
  /** @returns false if the value stands already: then nothing of the metafield moves */
  save(input: MetafieldInput): boolean;
  remove(key: MetafieldKey): boolean;
  removeAll(ownerId: string): void;
}

/** The metafields of a shop, by owner. */
export function createMetafields(now: () => Date): Metafields {
  const owners = new Map<string, Map<string, Metafield>>();
  let nextId = 30000000000001n;
  const toName = ({ namespace, key }: MetafieldKey) => `${namespace}.${key}`;

  return {
    find: (key) => owners.get(key.ownerId)?.get(toName(key)),
    of: (ownerId) => [...(owners.get(ownerId)?.values() ?? [])],
    save(input) {
      const own = owners.get(input.ownerId) ?? new Map<string, Metafield>();
      owners.set(input.ownerId, own);
      const stood = own.get(toName(input));
      if (stood?.value === input.value && stood.type === input.type) return false;
      const { id, createdAt } = stood ?? { id: String((nextId += 7n)), createdAt: now() };
      own.set(toName(input), { ...input, id, createdAt, updatedAt: now() });
      return true;
    },
    remove: (key) => owners.get(key.ownerId)?.delete(toName(key)) ?? false,
    removeAll: (ownerId) => void owners.delete(ownerId),
  };
}

/** What `compareDigest` says of a value. */
export function toDigest(value: string): string {
  return createHash('sha256').update(value).digest('hex');
}
