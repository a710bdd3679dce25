import { hash } from 'node:crypto';

/** Which ids have come so far. */
export interface IdTally {
  /** False if the id has come before. */
  add(id: string): boolean;
  /** Over the distinct ids, in whatever order they came: 32 hex digits. */
  digest(): string;
}

/** The digest of no ids. */
export const NO_IDS = '0'.repeat(32);

const FIRST_SLOTS = 4096;
const MODULUS = 1n << 128n;

/**
 * Keeps 64 bits of each id's SHA-256 in an open hash table, 16 to 32 bytes for each id, so that a million customers take
 * 32 MB at most. Two ids with the same 64 bits would count as one, which makes a run incomplete, never falsely complete.
 * @param from the digest of ids that came before and will not come again
 */
export function createIdTally(from = NO_IDS): IdTally {
  let slots = new BigUint64Array(FIRST_SLOTS);
  let count = 0;
  let sum = BigInt(`0x${from}`);

  /** False if it is there already. Zero means an empty slot. */
  function put(table: BigUint64Array, key: bigint): boolean {
    let slot = Number(key % BigInt(table.length));
    while (table[slot] !== 0n) {
      if (table[slot] === key) return false;
      slot = (slot + 1) % table.length;
    }
    table[slot] = key;
    return true;
  }

  function grow(): void {
    const larger = new BigUint64Array(slots.length * 2);
    for (const key of slots) if (key !== 0n) put(larger, key);
    slots = larger;
  }

  return {
    add(id) {
      const bytes = hash('sha256', id, 'buffer');
      if (!put(slots, bytes.readBigUInt64BE(0) || 1n)) return false;
      count += 1;
      if (count * 2 > slots.length) grow();
      sum = (sum + ((bytes.readBigUInt64BE(8) << 64n) | bytes.readBigUInt64BE(16))) % MODULUS;
      return true;
    },
    digest: () => sum.toString(16).padStart(32, '0'),
  };
}
