import { randomUUID } from 'node:crypto';
import type { Expression, Items, Key } from './items.ts';

/** The exclusive right to change an item, until it expires. */
interface Lease {
  /** The item as it stands with the lease. */
  readonly item: Readonly<Record<string, unknown>>;
  /** The condition of every write under this lease. */
  readonly isHeld: Expression;
}

interface LeaseOptions {
  /** What has to hold besides. */
  readonly condition?: Expression;
  /** What is set with the lease. */
  readonly also?: Expression;
}

/** What has to be removed from an item to release its lease. */
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
  { condition, also }: LeaseOptions = {},
): Promise<Lease | undefined> {
  const holder = { ':holder': randomUUID() };
  const time = now.getTime();
  const isFree = '(attribute_not_exists(held_until) OR held_until < :now)';
  const item = await items.update(
    key,
    {
      text: `SET holder = :holder, held_until = :until${also === undefined ? '' : `, ${also.text}`}`,
      values: { ...holder, ':until': time + duration, ...also?.values },
    },
    {
      text: condition === undefined ? isFree : `${isFree} AND ${condition.text}`,
      values: { ':now': time, ...condition?.values },
    },
  );
  return item && { item, isHeld: { text: 'holder = :holder', values: holder } };
}
