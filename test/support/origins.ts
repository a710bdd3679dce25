import { SHOP } from './rollcall.ts';

/** How the nth person's origins are asked for. */
export const originsPath = (n: number): string =>
  `GET /api/users/${encodeURIComponent(`${SHOP}#${n}`)}/origins`;

/** Where a person's values come from: one of each kind. */
export const origins = {
  is_admin: { source: 'none', changed_at: null },
  is_featured_author: { source: 'tag', changed_at: null },
  membership: { source: 'metafield', changed_at: '2026-11-03T10:00:00.000Z' },
};
