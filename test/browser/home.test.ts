import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SyncAnswer } from '../../src/http/api/types.ts';
import { API_KEY, SHOP } from '../support/rollcall.ts';
import { useStage } from '../support/stage.ts';
import { statesOf } from '../support/states.ts';
import { aCertificate, aDrift, aJob, aSync, attention } from '../support/api-answers.ts';

const { visit } = useStage();

test('home says in one sentence that all is well, when the last change came, and how many people there are', async () => {
  const { app, problems, close } = await visit({ answers: statesOf(aSync()) });
  await app.getByRole('status', { name: 'Everything is in sync' }).waitFor();
  await app.getByText(/^Last change: \d+ seconds ago$/).waitFor();
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
  const { app, close } = await visit({
    answers: statesOf(aSync({ drift: aDrift({ stale: 2, extra_here: 1 }) })),
  });
  await app.getByRole('status', { name: 'One thing needs your attention' }).waitFor();
  await app.getByText('Differences to Shopify: 3').waitFor();
  await app.getByRole('link', { name: 'Go to Sync' }).click();
  await app.getByRole('heading', { name: 'Comparison with Shopify' }).waitFor();
  await close();
});

test('home names what has gone wrong in the background, too', async () => {
  const certificate = aCertificate({ complete: false, problem: 'Shopify did not answer' });
  const { app, close } = await visit({ answers: statesOf(aSync({ certificate })) });
  await app.getByText('Last import: Incomplete').waitFor();
  await app.getByRole('link', { name: 'Go to Sync' }).waitFor();
  await close();
});

test('home offers the first import to a shop that has just come', async () => {
  const fresh = { certificate: null, counts: null, last_change_at: null };
  let started = 0;
  const { app, page, close } = await visit({
    answers: {
      ...statesOf(aSync()),
      'GET /api/sync': () => ({ body: aSync(started > 0 ? { ...fresh, job: aJob({ done: 10 }) } : fresh) }),
      'POST /api/sync/backfill': () => ({ status: 202, body: { job: aJob({ done: (started += 1) }) } }),
    },
  });
  await app.getByRole('button', { name: 'Import all customers' }).click();
  await page.getByText('The import has started').waitFor();
  await app.getByRole('progressbar', { name: 'Importing all customers' }).waitFor();
  assert.equal(started, 1);
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
    answers: statesOf(aSync({ install }), aSync()),
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
