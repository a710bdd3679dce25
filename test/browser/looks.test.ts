import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import type { Frame, FrameLocator, Page } from 'playwright-core';
import { aCrowd } from '../support/crowd.ts';
import { origins, originsPath } from '../support/origins.ts';
import { putItems } from '../support/people.ts';
import { SHOP } from '../support/rollcall.ts';
import { useStage, type Answers, type VisitOptions } from '../support/stage.ts';
import { aDrift, aJob, aSync, plans } from '../support/sync-state.ts';

// Every view and state, on a desktop and on a phone: no violation that axe knows, nothing that Polaris would not
// understand, nothing wider than the screen. The pictures go to screenshots/, to be looked at.

const { visit } = useStage(async ({ engine, table }) => {
  await putItems(engine.client, table('users'), aCrowd(SHOP, 2000));
});
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const DEVICES = [
  ['desktop', 1280, 900],
  ['phone', 390, 844],
] as const;

const none = { items: [], next_cursor: null };
const attention = [
  {
    code: 'several_matches',
    message: 'Two people in your platform have the e-mail of Ada Okafor',
    user_id: `${SHOP}#1`,
    deadline: null,
  },
  {
    code: 'customers/data_request',
    message: 'customers/data_request has to be done by 2026-12-20',
    user_id: null,
    deadline: '2026-12-20T10:00:00.000Z',
  },
];
const letters = [
  { id: 'a', topic: 'customers/update', reason: 'The change has no id', received_at: '2026-11-20T10:00:00Z' },
];
const failed = { error: { code: 'store_failed', message: 'The users table cannot be reached: try again' } };
const ok: Answers = { 'GET /api/plans': () => ({ body: plans }), 'GET /api/sync': () => ({ body: aSync() }) };
const withSync = (fields: object): Answers => ({ ...ok, 'GET /api/sync': () => ({ body: aSync(fields) }) });
const differences = aDrift({ missing_here: 1, extra_here: 2, stale: 3, wrong_flags: 1 });
const install = { status: 'installed', installed_at: null, needs_reauthorization: true };

interface Look extends VisitOptions {
  readonly name: string;
  /** A text that is there as soon as the view is. */
  readonly ready: string;
  readonly prepare?: (app: FrameLocator) => Promise<void>;
}

const looks: readonly Look[] = [
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
    answers: withSync({ attention, dead_letters: letters, drift: differences }),
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
    answers: { ...ok, [originsPath(1999)]: () => ({ body: origins }) },
    ready: 'Not set in Shopify',
  },
  {
    name: 'find-card-without-shopify',
    address: '/find?q=1996',
    answers: { ...ok, [originsPath(1996)]: () => ({ status: 503, body: failed }) },
    ready: 'Shopify does not answer just now',
  },
  {
    name: 'find-card-right-to-left',
    address: '/find?q=1998',
    answers: { ...ok, [originsPath(1998)]: () => ({ body: origins }) },
    ready: 'Not set in Shopify',
  },
  {
    name: 'sync',
    address: '/sync',
    answers: withSync({ dead_letters: letters }),
    ready: 'Nothing is running',
  },
  {
    name: 'sync-differences',
    address: '/sync',
    answers: withSync({ drift: differences }),
    ready: 'Differences to Shopify',
  },
  {
    name: 'sync-mend',
    address: '/sync',
    answers: withSync({ drift: differences }),
    ready: 'Differences to Shopify',
    prepare: async (app) => {
      await app.getByRole('button', { name: 'Mend the differences' }).click();
      await app.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'sync-mended',
    address: '/sync',
    answers: withSync({ drift: aDrift({ stale: 3, healed: 3, dry_run: false }) }),
    ready: '3 people were mended',
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
    name: 'sync-failed',
    address: '/sync',
    answers: withSync({
      job: aJob({ state: 'failed', problem: 'Shopify stopped the export. Start the import again.' }),
      certificate: null,
      reconcile: null,
      drift: null,
    }),
    ready: 'Shopify stopped the export. Start the import again.',
  },
];

function frameOf(page: Page): Frame {
  const frame = page.frames().find((candidate) => candidate.url().startsWith('https://rollcall.example.com'));
  assert.ok(frame, 'the app is not in its frame');
  return frame;
}

/** Changes the screen, and waits until the app in its frame, a process of its own, is laid out for it. */
async function resize(page: Page, width: number, height: number): Promise<void> {
  await page.setViewportSize({ width, height });
  const frame = await page.locator('iframe').evaluate((element) => element.clientWidth);
  await frameOf(page).waitForFunction(`innerWidth === ${frame}`);
  await frameOf(page).evaluate(
    'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))',
  );
}

async function assertAccessible(page: Page, name: string): Promise<void> {
  const frame = frameOf(page);
  await frame.evaluate(axe);
  const violations = await frame.evaluate<string[]>(
    `axe.run().then(({violations}) => violations.map(({id, nodes}) => id + ': ' + nodes.map(({html}) => html).slice(0, 3).join(' ')))`,
  );
  assert.deepEqual(violations, [], name);
  const { width } = await page.locator('iframe').evaluate((element) => element.getBoundingClientRect());
  assert.ok(width <= (page.viewportSize()?.width ?? 0), `${name} has a frame that is wider than the screen`);
  const overflow = await frame.evaluate<number>(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  );
  assert.ok(overflow <= 0, `${name} is ${overflow} px wider than the screen`);
}

for (const { name, ready, prepare, ...options } of looks)
  test(`${name} is accessible, fits and uses Polaris as it is meant, on a desktop and on a phone`, async () => {
    const { app, page, problems, close } = await visit(options);
    await app.getByText(ready).first().waitFor();
    await prepare?.(app);
    for (const [device, width, height] of DEVICES) {
      await resize(page, width, height);
      await page.screenshot({ path: `screenshots/${name}-${device}.png` });
      await assertAccessible(page, `${name} on a ${device}`);
    }
    assert.deepEqual(problems, []);
    await close();
  });
