import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aMember, putItems } from '../support/people.ts';
import { SHOP } from '../support/rollcall.ts';
import { useStage } from '../support/stage.ts';
import { plans } from '../support/sync-state.ts';

const AUTHORS = 60;

const { visit } = useStage(async ({ engine, table }) => {
  const items = Array.from({ length: AUTHORS }, (_, n) =>
    aMember(SHOP, n, {
      first_name: 'Person',
      last_name: String(n),
      email: `p${n}@example.com`,
      is_admin: 'false',
    }),
  );
  await putItems(engine.client, table('users'), items);
});
const answers = { 'GET /api/plans': () => ({ body: plans }) };

test('featured authors are listed newest first, and Next and Previous turn the pages', async () => {
  const { app, problems, page } = await visit({ address: '/featured-authors', answers });
  await app.getByRole('heading', { name: 'Featured authors', level: 1 }).waitFor();
  await app.getByRole('link', { name: 'Person 59', exact: true }).waitFor();
  await page.screenshot({ path: '/tmp/shot.png' });
  assert.equal(await app.getByRole('row').count(), 26);
  await app.getByRole('button', { name: 'Next' }).click();
  await app.getByRole('link', { name: 'Person 34', exact: true }).waitFor();
  assert.deepEqual(problems, []);
});
