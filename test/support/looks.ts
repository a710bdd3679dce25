import type { FrameLocator } from 'playwright-core';
import type { ErrorAnswer, SyncAnswer, UserPageAnswer } from '../../src/http/api/types.ts';
import { sources, sourcesPath } from './sources.ts';
import type { Answers, VisitOptions } from './stage.ts';
import { aCertificate, aDrift, aJob, aSync, attention, plans } from './api-answers.ts';

const none: UserPageAnswer = { items: [], next_cursor: null };
const deadLetters: SyncAnswer['dead_letters'] = [
  { id: 'a', topic: 'customers/update', reason: 'The change has no id', received_at: '2026-11-20T10:00:00Z' },
];
const failed: ErrorAnswer = {
  error: { code: 'store_failed', message: 'The users table cannot be reached: try again' },
};
const ok: Answers = { 'GET /api/plans': () => ({ body: plans }), 'GET /api/sync': () => ({ body: aSync() }) };
const withSync = (fields: Partial<SyncAnswer>): Answers => ({
  ...ok,
  'GET /api/sync': () => ({ body: aSync(fields) }),
});
const differences = aDrift({ missing_here: 1, extra_here: 2, stale: 3, wrong_entitlements: 1 });
const install: SyncAnswer['install'] = {
  status: 'installed',
  installed_at: null,
  needs_reauthorization: true,
};

/** A view in one state. */
export interface Look extends VisitOptions {
  readonly name: string;
  /** A text that shows that the view is ready. */
  readonly ready: string;
  readonly prepare?: (app: FrameLocator) => Promise<void>;
}

/** Every view in every state. */
export const looks: readonly Look[] = [
  { name: 'home', address: '/', answers: ok, ready: 'Everything is in sync' },
  { name: 'home-german', address: '/', locale: 'de-DE', answers: ok, ready: 'Alles ist abgeglichen' },
  {
    name: 'home-importing',
    address: '/',
    answers: withSync({ job: aJob() }),
    ready: 'Importing all customers',
  },
  {
    name: 'home-new',
    address: '/',
    answers: withSync({
      certificate: null,
      counts: null,
      reconcile: null,
      drift: null,
      last_change_at: null,
    }),
    ready: 'Your customers have not been imported yet',
  },
  {
    name: 'home-attention',
    address: '/',
    answers: withSync({ attention, dead_letters: deadLetters, drift: differences }),
    ready: '4 things need your attention',
  },
  {
    name: 'home-reauthorize',
    address: '/',
    answers: withSync({ install }),
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
    ready: 'The users table cannot be reached: try again',
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
    ready: 'Shopify does not answer just now',
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
    answers: withSync({ dead_letters: deadLetters }),
    ready: 'Nothing is running',
  },
  {
    name: 'sync-differences',
    address: '/sync',
    answers: withSync({ drift: differences }),
    ready: 'Differences to Shopify',
  },
  {
    name: 'sync-repair',
    address: '/sync',
    answers: withSync({ drift: differences }),
    ready: 'Differences to Shopify',
    prepare: async (app) => {
      await app.getByRole('button', { name: 'Repair the differences' }).click();
      await app.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'sync-repaired',
    address: '/sync',
    answers: withSync({ drift: aDrift({ stale: 3, repaired: 3, dry_run: false }) }),
    ready: '3 people were repaired',
  },
  {
    name: 'sync-comparing',
    address: '/sync',
    answers: withSync({
      job: aJob({
        kind: 'compare',
        state: 'waiting',
        done: 0,
        total: null,
        rate_per_second: null,
        seconds_left: null,
      }),
      drift: null,
    }),
    ready: 'Comparing with Shopify',
  },
  {
    name: 'sync-compare-unfinished',
    address: '/sync',
    answers: withSync({
      drift: aDrift({ complete: false, problem: 'Shopify stopped the export. Compare again.' }),
    }),
    ready: 'Not finished',
  },
  {
    name: 'sync-reauthorize',
    address: '/sync',
    answers: withSync({ install }),
    ready: 'Rollcall has lost its access to your shop',
  },
  {
    name: 'sync-incomplete',
    address: '/sync',
    answers: withSync({
      certificate: aCertificate({
        complete: false,
        problem: 'Shopify stopped the export. Start the import again.',
      }),
      reconcile: null,
      drift: null,
    }),
    ready: 'Shopify stopped the export. Start the import again.',
  },
];
