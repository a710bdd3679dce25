import { aUserItem } from './user-items.ts';

const NAMES = [
  ['Ada', 'Okafor'],
  ['Björn', 'Nilsson'],
  ['Inês', 'García'],
  ['Hiro', 'Tanaka'],
  ['Łucja', 'Kowalska'],
  ['Chidi', 'Mbeki'],
  ['Greta', 'Novák'],
] as const;
const PLANS = [
  { id: 'basic', name: 'Basic', tier: 1 },
  { id: 'silver', name: 'Silver', tier: 2 },
  { id: 'gold', name: 'Gold', tier: 3 },
] as const;

/** Names that a layout may stumble over; they come first in every list. */
export const HARD_NAMES = {
  long: 'Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh-Cholmondeley-Pneumonoultramicroscopic',
  rightToLeft: 'نور الهدى',
} as const;

const HARD = [
  { first_name: HARD_NAMES.long, last_name: 'der Ältere', email: `${'long'.repeat(14)}@example.com` },
  { first_name: HARD_NAMES.rightToLeft, last_name: 'حداد' },
  { first_name: null, last_name: null, email: null, membership_id: undefined },
];

/**
 * A shop's people as items of the users table, of whom every 31st is a featured author and every 800th an admin; the
 * last three, and so the newest, have hard names and both roles.
 */
export function aCrowd(shop: string, size: number): Record<string, unknown>[] {
  return Array.from({ length: size }, (_, n) => {
    const hard = HARD[size - 1 - n];
    const [first, last] = NAMES[n % NAMES.length] ?? NAMES[0];
    const plan = PLANS[n % 5 === 0 ? 2 : n % 3 === 0 ? 1 : 0] ?? PLANS[0];
    const item = aUserItem(shop, n, {
      first_name: first,
      last_name: `${last} ${n}`,
      email: `person-${n}@example.com`,
      shopify_state: 'enabled',
      verified_email: true,
      shopify_updated_at: '2026-10-30T12:00:00.000Z',
      membership_id: `${shop}#${plan.id}`,
      membership: { ...plan, source: 'metafield', version: '2026-10-01T08:00:00.000Z' },
      is_featured_author: hard !== undefined || n % 31 === 0 ? `${shop}#true` : undefined,
      is_admin: hard !== undefined || n % 800 === 0 ? `${shop}#true` : undefined,
      ...hard,
    });
    return Object.fromEntries(Object.entries(item).filter(([, value]) => value !== undefined));
  });
}
