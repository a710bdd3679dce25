import type { FrameLocator } from 'playwright-core';
import type { ErrorAnswer, SyncAnswer, UserPageAnswer } from '../../src/http/api/types.ts';
import { sources, sourcesPath } from './sources.ts';
import type { Answers, VisitOptions } from './stage.ts';
import {
  aCheck,
  aFullSync,
  aJob,
  aStalledJob,
  aSync,
  attention,
  aWaitingJob,
  plans,
  removals,
  silent,
} from './api-answers.ts';

const none: UserPageAnswer = { items: [], next_cursor: null };
const deadLetters: SyncAnswer['dead_letters'] = [
  {
    id: 'a',
    topic: 'customers/update',
    reason: 'The change has no id',
    shopify_id: null,
    received_at: '2026-11-20T10:00:00Z',
  },
];
const failed: ErrorAnswer = {
  error: { code: 'store_failed', message: 'The users table cannot be reached: try again' },
};
const ok: Answers = { 'GET /api/plans': () => ({ body: plans }), 'GET /api/sync': () => ({ body: aSync() }) };
const withSync = (fields: Partial<SyncAnswer>): Answers => ({
  ...ok,
  'GET /api/sync': () => ({ body: aSync(fields) }),
});
const install: SyncAnswer['install'] = {
  status: 'installed',
  installed_at: null,
  needs_reauthorization: true,
};

const unconfirmed: Partial<SyncAnswer> = {
  attention: removals,
  not_in_sync: 'removals_unconfirmed',
  full: aFullSync({
    removed: 0,
    extra_here: 240,
    unconfirmed_removals: 240,
    differences: { missing_here: 1, extra_here: 240, stale: 8, wrong_entitlements: 3 },
  }),
};
const broken: Partial<SyncAnswer> = {
  not_in_sync: 'full_sync_owed',
  full: aFullSync({
    complete: false,
    problem: 'Shopify stopped the export three times, and did not list everybody page by page.',
    failed: 4,
    undecided: 9,
    unchanged: 9925,
  }),
};
const failedJob = aStalledJob('internal', {
  kind: 'plans',
  state: 'failed',
  mode: null,
  done: 0,
  total: null,
});

/** A view in one of its states. */
export interface Look extends VisitOptions {
  readonly name: string;
  /** A text that shows that the view is ready. */
  readonly ready: string;
  readonly prepare?: (app: FrameLocator) => Promise<void>;
}

const english: readonly Look[] = [
  { name: 'home', address: '/', answers: ok, ready: 'Everything is in sync' },
  {
    name: 'home-syncing',
    address: '/',
    answers: withSync({ job: aJob(), not_in_sync: 'full_sync_owed' }),
    ready: 'Syncing everybody',
  },
  {
    name: 'home-waiting',
    address: '/',
    answers: withSync({ job: aWaitingJob('turn'), not_in_sync: 'full_sync_owed', full: null, counts: null }),
    ready: 'Waiting for its turn',
  },
  {
    name: 'home-stalled',
    address: '/',
    answers: withSync({ job: aStalledJob('unavailable_shop') }),
    ready: 'Rollcall cannot go on',
  },
  {
    name: 'home-failed',
    address: '/',
    answers: withSync({ job: failedJob }),
    ready: 'Something is wrong in Rollcall',
  },
  {
    name: 'home-new',
    address: '/',
    answers: withSync({
      not_in_sync: 'full_sync_owed',
      full: null,
      counts: null,
      reconcile: null,
      last_change_at: null,
    }),
    ready: 'Not everybody is here yet',
  },
  {
    name: 'home-not-known',
    address: '/',
    answers: withSync({
      not_in_sync: 'reconcile_overdue',
      reconcile: { at: '2026-11-01T03:00:00.000Z', changes: 120, repaired: 2 },
    }),
    ready: 'Whether everything is in sync is not known',
  },
  {
    name: 'home-behind',
    address: '/',
    answers: withSync({
      not_in_sync: 'pending_overdue',
      pending: { count: 12, more: false, oldest_at: '2026-11-01T03:00:00.000Z' },
    }),
    ready: 'Some people are not up to date',
  },
  {
    name: 'home-attention',
    address: '/',
    answers: withSync({ attention: [...silent, ...attention], dead_letters: deadLetters, full: aCheck() }),
    ready: '5 things need your attention',
  },
  {
    name: 'home-removals',
    address: '/',
    answers: withSync(unconfirmed),
    ready: 'One thing needs your attention',
  },
  {
    name: 'home-reauthorize',
    address: '/',
    answers: withSync({ install, not_in_sync: 'no_token' }),
    ready: 'Rollcall has lost its access to your shop',
  },
  { name: 'authors', address: '/featured-authors', answers: ok, ready: 'Page 1, 25 people' },
  {
    name: 'authors-since',
    address: '/featured-authors?since=2026-01-01',
    answers: ok,
    ready: 'Nobody has joined since that day',
  },
  {
    name: 'authors-empty',
    address: '/featured-authors',
    answers: { 'GET /api/featured-authors': () => ({ body: none }) },
    ready: 'No featured authors yet',
  },
  {
    name: 'authors-failed',
    address: '/featured-authors',
    answers: { 'GET /api/featured-authors': () => ({ status: 503, body: failed }) },
    ready: 'Your platform’s list cannot be reached just now',
  },
  {
    name: 'authors-dialog',
    address: '/featured-authors',
    answers: ok,
    ready: 'Page 1, 25 people',
    prepare: async (app) => {
      await app
        .getByRole('button', { name: /^Remove Ada/ })
        .first()
        .click();
      await app.getByRole('dialog').waitFor();
    },
  },
  { name: 'admins', address: '/admins', answers: ok, ready: 'Page 1, 6 people' },
  { name: 'members', address: '/members?plan=gold', answers: ok, ready: 'Page 1, 25 people' },
  {
    name: 'members-none',
    address: '/members',
    answers: { 'GET /api/plans': () => ({ body: { items: [] } }) },
    ready: 'No membership plans yet',
  },
  { name: 'find', address: '/find', answers: ok, ready: 'Look somebody up' },
  { name: 'find-nobody', address: '/find?q=nobody', answers: ok, ready: 'Nobody was found' },
  {
    name: 'find-card',
    address: '/find?q=1999',
    answers: { ...ok, [sourcesPath(1999)]: () => ({ body: sources }) },
    ready: 'Not set in Shopify',
  },
  {
    name: 'find-card-without-shopify',
    address: '/find?q=1996',
    answers: { ...ok, [sourcesPath(1996)]: () => ({ status: 503, body: failed }) },
    ready: 'It is not known just now where roles and membership come from.',
  },
  {
    name: 'find-card-right-to-left',
    address: '/find?q=1998',
    answers: { ...ok, [sourcesPath(1998)]: () => ({ body: sources }) },
    ready: 'Not set in Shopify',
  },
  {
    name: 'sync',
    address: '/sync',
    answers: withSync({
      dead_letters: deadLetters,
      pending: { count: 12, more: false, oldest_at: new Date(Date.now() - 180_000).toISOString() },
    }),
    ready: 'Nothing is running',
  },
  {
    name: 'sync-none',
    address: '/sync',
    answers: withSync({ full: null, reconcile: null, not_in_sync: 'full_sync_owed' }),
    ready: 'Not done yet',
  },
  { name: 'sync-working', address: '/sync', answers: withSync({ job: aJob() }), ready: 'Syncing everybody' },
  {
    name: 'sync-waiting',
    address: '/sync',
    answers: withSync({ job: aWaitingJob('shopify', { mode: 'check' }) }),
    ready: 'Waiting for Shopify',
  },
  {
    name: 'sync-stalled',
    address: '/sync',
    answers: withSync({ job: aStalledJob('access_denied') }),
    ready: 'Rollcall cannot go on',
  },
  {
    name: 'sync-failed',
    address: '/sync',
    answers: withSync({ job: failedJob }),
    ready: 'Something is wrong in Rollcall',
  },
  {
    name: 'sync-checked',
    address: '/sync',
    answers: withSync({ full: aCheck() }),
    ready: 'Differences to Shopify',
  },
  {
    name: 'sync-removals',
    address: '/sync',
    answers: withSync(unconfirmed),
    ready: '240 people here are no longer in Shopify',
  },
  {
    name: 'sync-removals-dialog',
    address: '/sync',
    answers: withSync(unconfirmed),
    ready: '240 people here are no longer in Shopify',
    prepare: async (app) => {
      await app.getByRole('button', { name: 'Remove 240 people' }).click();
      await app.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'sync-incomplete',
    address: '/sync',
    answers: withSync(broken),
    ready: 'Incomplete',
  },
  {
    name: 'sync-reauthorize',
    address: '/sync',
    answers: withSync({ install, not_in_sync: 'no_token' }),
    ready: 'Rollcall has lost its access to your shop',
  },
];

/** The states of Home and Sync in German: its words are longer. */
const GERMAN: Readonly<Record<string, string>> = {
  home: 'Alles ist abgeglichen',
  'home-syncing': 'Alle werden abgeglichen',
  'home-waiting': 'Wartet, bis es an der Reihe ist',
  'home-stalled': 'Rollcall kommt nicht weiter',
  'home-failed': 'In Rollcall stimmt etwas nicht',
  'home-new': 'Noch sind nicht alle hier',
  'home-not-known': 'Ob alles abgeglichen ist, ist nicht bekannt',
  'home-behind': 'Einige Personen sind nicht auf dem neuesten Stand',
  'home-attention': '5 Dinge brauchen Ihre Aufmerksamkeit',
  'home-removals': 'Eine Sache braucht Ihre Aufmerksamkeit',
  sync: 'Nichts läuft',
  'sync-working': 'Alle werden abgeglichen',
  'sync-stalled': 'Rollcall kommt nicht weiter',
  'sync-checked': 'Unterschiede zu Shopify',
  'sync-removals': '240 Personen sind nicht mehr in Shopify',
  'sync-incomplete': 'Unvollständig',
};

/** Every view in each of its states. */
export const looks: readonly Look[] = english.flatMap((look) => {
  const ready = GERMAN[look.name];
  return ready === undefined
    ? [look]
    : [look, { ...look, name: `${look.name}-german`, locale: 'de-DE', ready }];
});
