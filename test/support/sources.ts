import type { SourcesAnswer } from '../../src/http/api/types.ts';
import { SHOP } from './rollcall.ts';

/** The request for the nth person's sources. */
export const sourcesPath = (n: number): string =>
  `GET /api/users/${encodeURIComponent(`${SHOP}#${n}`)}/sources`;

/** A person's sources, one of each kind. */
export const sources: SourcesAnswer = {
  is_admin: { source: 'none', changed_at: null },
  is_featured_author: { source: 'tag', changed_at: null },
  membership: { source: 'metafield', changed_at: '2026-11-03T10:00:00.000Z' },
};
