import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { reportFigures } from '../support/report-figures.ts';
import { useStage } from '../support/stage.ts';
import { statesOf } from '../support/states.ts';
import { aCertificate, aJob, aSync } from '../support/api-answers.ts';

const { visit } = useStage();

const polls = (requests: readonly string[]) =>
  requests.filter((request) => request === 'GET /api/sync').length;

describe('a running import', () => {
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
    assert.ok(await app.getByRole('button', { name: 'Import all customers' }).isDisabled());
    await close();
  });
});

describe('sync', () => {
  test('shows the certificate, missed changes and differences', async () => {
    const { app, close } = await visit({ address: '/sync', answers: statesOf(aSync()) });
    await app.getByRole('heading', { name: 'Last import' }).waitFor();
    await app.getByText('Complete', { exact: true }).waitFor();
    await app.getByText('120 changes looked at, 2 had been missed and were brought in').waitFor();
    await app.getByText('No difference was found').waitFor();
    await app.getByText('10,000 people compared, Nov 2, 2026').waitFor();
    await app.getByText('Every change was read').waitFor();
    await close();
  });

  for (const [language, locale] of [
    ['en', 'en'],
    ['de', 'de-DE'],
  ] as const)
    test(`shows what became of every customer that an import has read, in ${language}`, async () => {
      const certificate = aCertificate({
        lines_read: 8_765_432 + 1111,
        written: 8_000_000,
        unchanged: 700_000,
        already_newer: 60_000,
        duplicate: 5000,
        tombstoned: 400,
        failed: 30,
        unreadable: 2,
        other: 1111,
      });
      const { app, close } = await visit({
        address: '/sync',
        locale,
        answers: statesOf(aSync({ certificate })),
      });
      await app.locator('.report').first().waitFor();
      const { read, outcomes } = await reportFigures(app, language);
      assert.equal(read, certificate.lines_read);
      assert.deepEqual(outcomes, [8_000_000, 700_000, 60_000, 5000, 400, 30, 2, 1111]);
      assert.equal(
        outcomes.reduce((sum, count) => sum + count),
        read,
      );
      await close();
    });

  test('tries a change that could not be read again', async () => {
    const deadLetter = {
      id: 'a/1',
      topic: 'customers/update',
      reason: 'The change has no id',
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

  test('passes on what the server says when a job cannot be started', async () => {
    const { app, page, close } = await visit({
      address: '/sync',
      answers: {
        ...statesOf(aSync()),
        'POST /api/sync/reconcile': () => ({
          status: 409,
          body: { error: { code: 'job_running', message: 'An import is running already' } },
        }),
      },
    });
    await app.getByRole('button', { name: 'Look for missed changes' }).click();
    await page.getByText('An import is running already').waitFor();
    await close();
  });
});
