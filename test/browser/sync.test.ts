import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { reportFigures } from '../support/report-figures.ts';
import { useStage } from '../support/stage.ts';
import { statesOf } from '../support/states.ts';
import { aCheck, aFullSync, aJob, aStalledJob, aSync, aWaitingJob } from '../support/api-answers.ts';

const { visit } = useStage();

const polls = (requests: readonly string[]) =>
  requests.filter((request) => request === 'GET /api/sync').length;

describe('a full sync under way', () => {
  const running = (done: number) => aSync({ job: aJob({ done }) });

  test('is followed with progress, rate and time left, and no longer asked about when it is done', async () => {
    let state = running(2500);
    const { app, page, requests, close } = await visit({
      address: '/sync',
      answers: { 'GET /api/sync': () => ({ body: state }) },
    });
    await page.clock.install();
    await app.getByText('2,500 of 10,000 · 125 per second · 1 minute left').waitFor();
    assert.equal(await app.getByRole('progressbar').getAttribute('value'), '2500');
    state = running(7500);
    await page.clock.runFor(2000);
    await app.getByText('7,500 of 10,000').waitFor();
    state = aSync();
    await page.clock.runFor(2000);
    await app.getByText('Nothing is running').waitFor();
    const asked = polls(requests);
    await page.clock.runFor(20_000);
    assert.equal(polls(requests), asked);
    await close();
  });

  test('is not asked about while nobody looks', async () => {
    const { app, page, requests, close } = await visit({
      address: '/sync',
      answers: statesOf(running(2500)),
    });
    await page.clock.install();
    await app.getByText('2,500 of 10,000').waitFor();
    const frame = page.frames().at(-1);
    const setHidden = (hidden: boolean) =>
      frame?.evaluate(
        `Object.defineProperty(document, 'hidden', {configurable: true, value: ${hidden}}); document.dispatchEvent(new Event('visibilitychange'))`,
      );
    await setHidden(true);
    const before = polls(requests);
    await page.clock.runFor(20_000);
    assert.equal(polls(requests), before);
    await setHidden(false);
    await app.getByText('2,500 of 10,000').waitFor();
    await page.clock.runFor(4000);
    assert.ok(polls(requests) > before);
    await close();
  });

  test('that is running already is not started twice', async () => {
    const { app, close } = await visit({ address: '/sync', answers: statesOf(running(1)) });
    await app.getByText('1 of 10,000').waitFor();
    assert.ok(await app.getByRole('button', { name: 'Sync everybody now' }).isDisabled());
    await close();
  });

  test('says what it waits for', async () => {
    const { app, page, close } = await visit({
      address: '/sync',
      answers: statesOf(
        aSync({ job: aWaitingJob('turn') }),
        aSync({ job: aWaitingJob('shopify', { mode: 'check', problem: 'The export has expired' }) }),
      ),
    });
    await page.clock.install();
    await app.getByText('Waiting for its turn', { exact: true }).waitFor();
    await page.clock.runFor(4000);
    await app.getByText('Waiting for Shopify', { exact: true }).waitFor();
    await app.getByText('Checking everybody').waitFor();
    await app.getByText('The export has expired').waitFor();
    await close();
  });

  test('that gets nowhere says why, and may be asked for again', async () => {
    const job = aStalledJob('locked', { kind: 'reconcile', mode: null });
    const { app, close } = await visit({ address: '/sync', answers: statesOf(aSync({ job })) });
    await app.getByText('Shopify has locked your shop.').waitFor();
    await app.getByText(/^Looking for missed changes: no progress since Nov 3/).waitFor();
    assert.ok(await app.getByRole('button', { name: 'Sync everybody now' }).isEnabled());
    await close();
  });
});

describe('sync', () => {
  test('shows the last full sync, with what was put right in the past tense, and missed changes', async () => {
    const { app, close } = await visit({ address: '/sync', answers: statesOf(aSync()) });
    const report = app.locator('s-section').filter({ hasText: 'Last sync of everybody' });
    await report.getByText('Complete', { exact: true }).waitFor();
    await report.getByText(/Nov 1, 2026, 10:12.AM, took 1 minute/).waitFor();
    await report.getByRole('heading', { name: 'Differences that were put right' }).waitFor();
    assert.deepEqual(await report.locator('.report').last().getByRole('term').allTextContents(), [
      'Were missing here',
      'Were no longer in Shopify, removed here',
      'Were out of date',
      'Had a wrong role or membership',
    ]);
    const found = await report.locator('.report').last().getByRole('definition').allTextContents();
    assert.deepEqual(found, ['1', '2', '8', '3']);
    await app.getByText('120 changes looked at, 2 had been missed and were brought in').waitFor();
    await app.getByText('Every change was read').waitFor();
    await close();
  });

  for (const [language, locale] of [
    ['en', 'en'],
    ['de', 'de-DE'],
  ] as const)
    test(`shows what became of every customer that a full sync has listed, in ${language}`, async () => {
      const full = aFullSync({
        listed: 8_765_432 + 1111,
        written: 8_000_000,
        unchanged: 700_000,
        already_newer: 60_000,
        tombstoned: 5000,
        duplicate: 400,
        failed: 30,
        unreadable: 2,
        undecided: 1111,
      });
      const { app, close } = await visit({
        address: '/sync',
        locale,
        answers: statesOf(aSync({ full })),
      });
      await app.locator('.report').first().waitFor();
      const { listed, outcomes } = await reportFigures(app, language);
      assert.equal(listed, full.listed);
      assert.deepEqual(outcomes, [8_000_000, 700_000, 60_000, 5000, 400, 30, 2, 1111]);
      assert.equal(
        outcomes.reduce((sum, count) => sum + count),
        listed,
      );
      await close();
    });

  test('of a full sync that only looked says what differs, that nothing was changed, and offers it as a file', async () => {
    const { app, page, close } = await visit({
      address: '/sync',
      answers: {
        ...statesOf(aSync({ full: aCheck() })),
        'GET /api/sync/differences.csv': () => ({ body: 'user_id,difference' }),
      },
    });
    const report = app.locator('s-section').filter({ hasText: 'Last sync of everybody' });
    await report.getByText('This time Rollcall only looked: nothing was changed here.').waitFor();
    const figures = await report.locator('.report').first().getByRole('term').allTextContents();
    assert.deepEqual(figures.slice(0, 2), ['Customers in Shopify', 'Different here']);
    assert.ok(!figures.includes('Brought up to date'));
    await report.getByRole('heading', { name: 'Differences to Shopify' }).waitFor();
    const differences = await report.locator('.report').last().getByRole('definition').allTextContents();
    assert.deepEqual(differences, ['1', '2', '8', '3']);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      report.getByRole('button', { name: 'Download the differences' }).click(),
    ]);
    assert.match(download.suggestedFilename(), /^differences-/);
    await close();
  });

  test('tells whom it removed from those who are gone from Shopify and still here', async () => {
    const differences = { missing_here: 0, extra_here: 240, stale: 0, wrong_entitlements: 0 };
    const full = aFullSync({ differences, removed: 3, extra_here: 237, unconfirmed_removals: 237 });
    const { app, close } = await visit({ address: '/sync', answers: statesOf(aSync({ full })) });
    const row = (label: string) => app.locator('.report div').filter({ hasText: label });
    const removed = row('Were no longer in Shopify, removed here');
    assert.equal(await removed.getByRole('definition').textContent(), '3');
    assert.equal(await row('No longer in Shopify, still here').getByRole('definition').textContent(), '237');
    await close();
  });

  test('says what a full sync could not finish, and when there was nothing to put right', async () => {
    const problem = 'Shopify stopped answering';
    const none = { missing_here: 0, extra_here: 0, stale: 0, wrong_entitlements: 0 };
    const { app, page, close } = await visit({
      address: '/sync',
      answers: statesOf(
        aSync({ full: aFullSync({ complete: false, problem }), not_in_sync: 'full_sync_owed' }),
        aSync({ full: aFullSync({ differences: none }) }),
      ),
    });
    await app.getByText('Incomplete', { exact: true }).waitFor();
    await app.getByText(problem).waitFor();
    await page.getByRole('link', { name: 'Find a person' }).click();
    await page.getByRole('link', { name: 'Sync' }).click();
    await app.getByText('Nobody here was different from Shopify.').waitFor();
    await close();
  });

  test('says how many people wait to be read again', async () => {
    const oldest_at = new Date(Date.now() - 180_000).toISOString();
    const { app, page, close } = await visit({
      address: '/sync',
      answers: statesOf(
        aSync({ pending: { count: 12, more: false, oldest_at } }),
        aSync({ pending: { count: 0, more: true, oldest_at } }),
      ),
    });
    await app.getByText('12 people wait to be read again, the first was noted 3 minutes ago').waitFor();
    await page.getByRole('link', { name: 'Find a person' }).click();
    await page.getByRole('link', { name: 'Sync' }).click();
    await app.getByText(/^Many people wait to be read again/).waitFor();
    await close();
  });

  test('tries a change that could not be read again', async () => {
    const deadLetter = {
      id: 'a/1',
      topic: 'customers/update',
      reason: 'The change has no id',
      shopify_id: null,
      received_at: '2026-11-20T10:00:00Z',
    };
    const { app, page, close } = await visit({
      address: '/sync',
      answers: {
        ...statesOf(aSync({ dead_letters: [deadLetter] }), aSync()),
        'POST /api/dead-letters/a%2F1/retry': () => ({ body: { received: 'written' } }),
      },
    });
    await app.getByRole('button', { name: 'Try again: customers/update' }).click();
    await page.getByText('The change was brought in').waitFor();
    await app.getByText('Every change was read').waitFor();
    await close();
  });

  test('says why a job cannot be started, in the page’s own words', async () => {
    const { app, page, close } = await visit({
      address: '/sync',
      answers: {
        ...statesOf(aSync()),
        'POST /api/sync/reconcile': () => ({
          status: 409,
          body: { error: { code: 'job_running', message: 'Missed changes are being looked for already' } },
        }),
      },
    });
    await app.getByRole('button', { name: 'Look for missed changes' }).click();
    await page.getByText('Rollcall is at this already').waitFor();
    await close();
  });
});
