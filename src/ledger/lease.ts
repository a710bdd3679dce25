import { randomUUID } from 'node:crypto';
import type { Expression, Items, Key } from './items.ts';

/** The exclusive right to change an item, until it expires. */
interface Lease {
  /** The item when the lease was taken. */
  readonly item: Readonly<Record<string, unknown>>;
  /** The condition of every write under this lease. */
  readonly isHeld: Expression;
}

/** Removing these from the item releases its lease. */
export const LEASE_ATTRIBUTES = 'holder, held_until';

/**
 * Takes the lease of an item, which need not exist yet. Undefined while another holder has it.
 * @param duration milliseconds
 * @throws AppError `store_failed`
 */
export async function takeLease(
  items: Pick<Items, 'update'>,
  key: Key,
  now: Date,
  duration: number,
): Promise<Lease | undefined> {
  const holder = { ':holder': randomUUID() };
  const time = now.getTime();
  const item = await items.update(
    key,
    {
      text: 'SET holder = :holder, held_until = :until',
      values: { ...holder, ':until': time + duration },
    },
    { text: 'attribute_not_exists(held_until) OR held_until < :now', values: { ':now': time } },
  );
  return item && { item, isHeld: { text: 'holder = :holder', values: holder } };
}
