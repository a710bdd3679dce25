import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { useStage } from '../support/stage.ts';
import { statesOf } from '../support/states.ts';
import { aJob, aSync, removals } from '../support/api-answers.ts';

const { visit } = useStage();

describe('people who are gone from Shopify, too many to remove them unasked', () => {
  const open = aSync({ attention: removals, not_in_sync: 'removals_unconfirmed' });
  const question = 'Remove 240 people?';
  const remove = { name: 'Remove 240 people' };

  test('are removed only after the merchant has read what that does', async () => {
    const asked: unknown[] = [];
    const { app, page, requests, problems, close } = await visit({
      address: '/sync',
      answers: {
        ...statesOf(open, aSync({ job: aJob() })),
        'POST /api/sync/full': (body) => {
          asked.push(body);
          return { status: 202, body: { job: { kind: 'full' } } };
        },
      },
    });
    await app.getByRole('status', { name: '240 people here are no longer in Shopify' }).waitFor();
    const dialog = app.getByRole('dialog', { name: question });
    await app.getByRole('button', remove).click();
    await dialog.waitFor();
    await app.getByText('Nothing changes in Shopify.').waitFor();
    await app.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'hidden' });
    assert.ok(!requests.some((request) => request.startsWith('POST')));
    await app.getByRole('button', remove).click();
    await dialog.waitFor();
    await app.getByRole('button', remove).last().click();
    await page.getByText('Syncing everybody has started').waitFor();
    await app.getByRole('progressbar', { name: 'Syncing everybody' }).waitFor();
    assert.deepEqual(asked, [{ mode: 'apply', confirm_removals: 240 }]);
    assert.equal(await app.getByRole('button', remove).count(), 0);
    assert.deepEqual(problems, []);
    await close();
  });

  test('that cannot be removed now: the dialog says why', async () => {
    const message = 'A full sync is under way already';
    const { app, close } = await visit({
      address: '/sync',
      answers: {
        ...statesOf(open),
        'POST /api/sync/full': () => ({ status: 409, body: { error: { code: 'job_running', message } } }),
      },
    });
    await app.getByRole('button', remove).click();
    await app.getByRole('dialog').waitFor();
    await app.getByRole('button', remove).last().click();
    await app.getByText('Rollcall is at this already').waitFor();
    await close();
  });

  test('are not asked about while a full sync runs', async () => {
    const { app, close } = await visit({
      address: '/sync',
      answers: statesOf(aSync({ ...open, job: aJob() })),
    });
    await app.getByRole('button', remove).waitFor();
    assert.ok(await app.getByRole('button', remove).isDisabled());
    await close();
  });

  test('are asked about in German, one as one', async () => {
    const one = removals.map((attention) => ({ ...attention, count: 1 }));
    const { app, close } = await visit({
      address: '/sync',
      locale: 'de-DE',
      answers: statesOf(aSync({ ...open, attention: one })),
    });
    await app.getByRole('status', { name: '1 Person ist nicht mehr in Shopify' }).waitFor();
    await app.getByRole('button', { name: '1 Person entfernen' }).waitFor();
    await close();
  });
});
