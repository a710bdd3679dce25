import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SyncAnswer } from '../../src/http/api/types.ts';
import { API_KEY, SHOP } from '../support/rollcall.ts';
import { useStage } from '../support/stage.ts';
import { statesOf } from '../support/states.ts';
import {
  aCheck,
  aFullSync,
  aJob,
  aStalledJob,
  aSync,
  attention,
  aWaitingJob,
  removals,
} from '../support/api-answers.ts';

const { visit } = useStage();

test('home says in one sentence that all is well, when the last change came, and how many people there are', async () => {
  const { app, problems, close } = await visit({ answers: statesOf(aSync()) });
  await app.getByRole('status', { name: 'Everything is in sync' }).waitFor();
  await app.getByText(/^Last change: \d+ seconds ago$/).waitFor();
  await app.getByText('Last look for missed changes: 4 minutes ago').waitFor();
  const counts = app.getByRole('definition');
  assert.deepEqual(await counts.allTextContents(), ['10,000', '8,214', '320', '12']);
  const bars = app.getByRole('listitem');
  assert.deepEqual(await bars.allTextContents(), ['Basic4,100', 'Silver2,300', 'Gold700']);
  assert.deepEqual(problems, []);
  await close();
});

test('home leads from what needs attention to where it is resolved', async () => {
  const { app, close } = await visit({ answers: statesOf(aSync({ attention })) });
  await app.getByRole('status', { name: '2 things need your attention' }).waitFor();
  await app.getByText('A customer asks which data you keep about them: by Dec 20, 2026').waitFor();
  await app.getByRole('link', { name: 'Look' }).click();
  await app.getByRole('heading', { name: 'Find a person' }).waitFor();
  assert.equal(
    await app.getByRole('textbox', { name: 'Whom are you looking for?' }).inputValue(),
    `${SHOP}#1`,
  );
  await close();
});

test('home leads from differences that nobody has repaired to Sync', async () => {
  const full = aCheck({ differences: { missing_here: 0, extra_here: 1, stale: 2, wrong_entitlements: 0 } });
  const { app, close } = await visit({ answers: statesOf(aSync({ full })) });
  await app.getByRole('status', { name: 'One thing needs your attention' }).waitFor();
  await app.getByText('Differences to Shopify: 3').waitFor();
  await app.getByRole('link', { name: 'Go to Sync' }).click();
  await app.getByRole('heading', { name: 'Last sync of everybody' }).waitFor();
  await close();
});

test('home has nothing to say of differences that were put right', async () => {
  const { app, close } = await visit({ answers: statesOf(aSync({ full: aFullSync() })) });
  await app.getByRole('status', { name: 'Everything is in sync' }).waitFor();
  assert.equal(await app.getByText('Needs your attention').count(), 0);
  await close();
});

test('home leads to the question of many removals, and does not call anything in sync meanwhile', async () => {
  const { app, close } = await visit({
    answers: statesOf(aSync({ attention: removals, not_in_sync: 'removals_unconfirmed' })),
  });
  await app.getByRole('status', { name: 'One thing needs your attention' }).waitFor();
  await app
    .getByText('Until this is resolved, Rollcall cannot say that everything else is in sync.')
    .waitFor();
  await app.getByText(/no longer in Shopify, and stay here until you say so: 240$/).waitFor();
  await app.getByRole('link', { name: 'Go to Sync' }).click();
  await app.getByRole('status', { name: '240 people here are no longer in Shopify' }).waitFor();
  await close();
});

test('home names what has gone wrong in the background, too', async () => {
  const full = aFullSync({ complete: false, problem: 'Shopify did not answer' });
  const { app, close } = await visit({ answers: statesOf(aSync({ full, not_in_sync: 'full_sync_owed' })) });
  await app.getByText('Last sync of everybody: Incomplete').waitFor();
  await app.getByRole('link', { name: 'Go to Sync' }).waitFor();
  await close();
});

test('home offers to sync everybody where that has not been done', async () => {
  const fresh = { full: null, counts: null, last_change_at: null, not_in_sync: 'full_sync_owed' } as const;
  const asked: unknown[] = [];
  const { app, page, close } = await visit({
    answers: {
      ...statesOf(aSync()),
      'GET /api/sync': () => ({
        body: aSync(asked.length > 0 ? { ...fresh, job: aJob({ done: 10 }) } : fresh),
      }),
      'POST /api/sync/full': (body) => {
        asked.push(body);
        return { status: 202, body: { job: { kind: 'full' } } };
      },
    },
  });
  await app.getByRole('status', { name: 'Not everybody is here yet' }).waitFor();
  await app.getByRole('button', { name: 'Sync everybody now' }).click();
  await page.getByText('Syncing everybody has started').waitFor();
  await app.getByRole('progressbar', { name: 'Syncing everybody' }).waitFor();
  assert.deepEqual(asked, [{ mode: 'apply' }]);
  await close();
});

test('home calls nothing in sync when missed changes have not been looked for lately, and says since when', async () => {
  const reconcile = { at: '2026-11-02T03:00:00.000Z', changes: 120, repaired: 2 };
  const { app, close } = await visit({
    answers: statesOf(aSync({ reconcile, not_in_sync: 'reconcile_overdue' })),
  });
  await app.getByRole('status', { name: 'Whether everything is in sync is not known' }).waitFor();
  await app.getByText(/looked for missed changes last on Nov 2, 2026, 3:00.AM\./).waitFor();
  await close();
});

test('home calls nothing in sync while somebody waits for long, and says since when', async () => {
  const pending = { count: 12, more: false, oldest_at: '2026-11-02T03:00:00.000Z' };
  const { app, close } = await visit({
    answers: statesOf(aSync({ pending, not_in_sync: 'pending_overdue' })),
  });
  await app.getByRole('status', { name: 'Some people are not up to date' }).waitFor();
  await app.getByText(/has waited since Nov 2, 2026, 3:00.AM\./).waitFor();
  await close();
});

test('home says that work has not begun yet, and shows no bar that moves', async () => {
  const { app, close } = await visit({ answers: statesOf(aSync({ job: aWaitingJob('turn') })) });
  await app.getByRole('status', { name: 'Rollcall begins soon' }).waitFor();
  await app.getByText('Waiting for its turn', { exact: true }).waitFor();
  assert.equal(await app.getByRole('progressbar').count(), 0);
  await close();
});

test('home says why work gets nowhere, since when, and when it is tried again, and shows when it has recovered', async () => {
  const job = aStalledJob('unavailable_shop');
  const { app, page, close } = await visit({
    answers: statesOf(aSync({ job }), aSync()),
    // The clock is the test's before the page sets a timer.
    cdn: Promise.resolve(),
  });
  await app.getByRole('status', { name: 'Rollcall cannot go on' }).waitFor();
  await app.getByText('Shopify has frozen your shop.').waitFor();
  await app.getByText(/Syncing everybody: no progress since Nov 3, 2026, 10:20.AM\./).waitFor();
  await app.getByText(/tries again by itself on Nov 3, 2099, 2:25.PM\./).waitFor();
  assert.equal(await app.getByRole('progressbar').count(), 0);
  await page.clock.runFor(60_000);
  await app.getByRole('status', { name: 'Everything is in sync' }).waitFor();
  await close();
});

for (const [reason, text] of [
  ['forbidden', 'Shopify does not let Rollcall into your shop.'],
  ['not_found', 'Shopify does not find your shop at its address any more.'],
  ['locked', 'Shopify has locked your shop.'],
  ['redirected', 'Your shop has moved to another address.'],
  ['access_denied', 'Shopify does not let Rollcall read your customers: it lacks a permission.'],
  ['reauthorization_needed', 'Rollcall has lost its access to your shop.'],
  ['http_418', 'Shopify refuses what Rollcall asks for. Tell whoever runs Rollcall'],
] as const)
  test(`home has words for ${reason}`, async () => {
    const { app, close } = await visit({ answers: statesOf(aSync({ job: aStalledJob(reason) })) });
    await app.getByText(text).waitFor();
    await close();
  });

test('home tells a fault of our own from what Shopify refuses', async () => {
  const job = aStalledJob('internal', { kind: 'plans', state: 'failed', mode: null });
  const { app, close } = await visit({ answers: statesOf(aSync({ job })) });
  await app.getByRole('alert', { name: 'Something is wrong in Rollcall' }).waitFor();
  await app.getByText(/^Reading the membership plans: no progress since/).waitFor();
  await close();
});

test('home says that access was lost, and leads to the app’s address in the admin, where it is given again', async () => {
  const install: SyncAnswer['install'] = {
    status: 'installed',
    installed_at: null,
    needs_reauthorization: true,
  };
  const { app, page, requests, close } = await visit({
    address: '/members',
    answers: statesOf(aSync({ install, not_in_sync: 'no_token' }), aSync()),
  });
  // From now on the frame's own address names no shop.
  await page.getByRole('link', { name: 'Rollcall' }).click();
  await app.getByRole('alert', { name: 'Rollcall has lost its access to your shop' }).waitFor();
  await app.getByRole('link', { name: 'Open Rollcall again' }).click();
  await page.waitForURL(`https://admin.shopify.com/store/toys/apps/${API_KEY}`);
  await app.getByRole('heading', { name: 'Members', level: 1 }).waitFor();
  assert.equal(requests.filter((request) => request.includes(`&shop=${SHOP}&`)).length, 2);
  await close();
});
