import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { useStage } from '../support/stage.ts';
import { statesOf } from '../support/states.ts';
import { aDrift, aJob, aSync } from '../support/api-answers.ts';

const { visit } = useStage();

describe('a comparison of everything', () => {
  const open = aSync({ drift: aDrift({ missing_here: 1, extra_here: 2, stale: 3, wrong_entitlements: 1 }) });
  const comparing = aSync({ job: aJob({ kind: 'compare' }) });
  const repair = { name: 'Repair the differences' };

  test('is offered where there was none, changes nothing, and is followed', async () => {
    let asked: unknown;
    const { app, page, close } = await visit({
      address: '/sync',
      answers: {
        ...statesOf(aSync({ drift: null }), comparing),
        'POST /api/sync/compare': (body) => {
          asked = body;
          return { status: 202, body: { job: aJob({ kind: 'compare' }) } };
        },
      },
    });
    await app.getByText('Not compared yet').waitFor();
    await app.getByRole('button', { name: 'Compare everything' }).click();
    await page.getByText('The comparison has started').waitFor();
    await app.getByRole('progressbar', { name: 'Comparing with Shopify' }).waitFor();
    assert.deepEqual(asked, { repair: false });
    assert.ok(await app.getByRole('button', { name: 'Compare everything' }).isDisabled());
    await close();
  });

  test('shows what differs, and offers it as a file', async () => {
    const { app, page, close } = await visit({
      address: '/sync',
      answers: { ...statesOf(open), 'GET /api/sync/drift.csv': () => ({ body: 'user_id,difference' }) },
    });
    const report = app.locator('s-section').filter({ hasText: 'Differences to Shopify' });
    await report.waitFor();
    assert.deepEqual(await report.getByRole('definition').allTextContents(), ['1', '2', '3', '1']);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      report.getByRole('button', { name: 'Download the differences' }).click(),
    ]);
    assert.match(download.suggestedFilename(), /^differences-/);
    await close();
  });

  test('is repaired only after the merchant has read what that does', async () => {
    let asked: unknown;
    const { app, page, requests, problems, close } = await visit({
      address: '/sync',
      answers: {
        ...statesOf(open, comparing),
        'POST /api/sync/compare': (body) => {
          asked = body;
          return { status: 202, body: { job: aJob({ kind: 'compare' }) } };
        },
      },
    });
    const dialog = app.getByRole('dialog', { name: 'Repair the differences?' });
    await app.getByRole('button', repair).click();
    await dialog.waitFor();
    assert.deepEqual(await app.getByRole('listitem').allTextContents(), [
      'Missing here, will be added: 1',
      'No longer in Shopify, will be removed here: 2',
      'Different here, will be brought up to date: 4',
    ]);
    await app.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'hidden' });
    assert.ok(!requests.some((request) => request.startsWith('POST')));
    await app.getByRole('button', repair).click();
    await app.getByRole('dialog').waitFor();
    await app.getByRole('button', repair).last().click();
    await page.getByText('The differences are being repaired').waitFor();
    await app.getByRole('progressbar', { name: 'Comparing with Shopify' }).waitFor();
    assert.deepEqual(asked, { repair: true });
    assert.deepEqual(problems, []);
    await close();
  });

  test('that cannot be repaired now says why in the dialog', async () => {
    const message = 'A comparison is running already';
    const { app, close } = await visit({
      address: '/sync',
      answers: {
        ...statesOf(open),
        'POST /api/sync/compare': () => ({ status: 409, body: { error: { code: 'job_running', message } } }),
      },
    });
    await app.getByRole('button', repair).click();
    await app.getByRole('dialog').waitFor();
    await app.getByRole('button', repair).last().click();
    await app.getByText(message).waitFor();
    await close();
  });

  test('says how many people were repaired, and what it could not finish', async () => {
    const repaired = aDrift({ missing_here: 1, stale: 3, repaired: 4, dry_run: false });
    const problem = 'Shopify stopped answering. Compare again later.';
    const broken = aDrift({ complete: false, problem, stale: 3 });
    const { app, page, close } = await visit({
      address: '/sync',
      answers: statesOf(aSync({ drift: repaired }), aSync({ drift: broken })),
    });
    await app.getByText('4 people were repaired').waitFor();
    assert.equal(await app.getByRole('button', repair).count(), 0);
    await page.getByRole('link', { name: 'Find a person' }).click();
    await page.getByRole('link', { name: 'Sync' }).click();
    await app.getByText('Not finished').waitFor();
    await app.getByText(problem).waitFor();
    assert.equal(await app.getByRole('button', repair).count(), 0);
    await close();
  });
});
