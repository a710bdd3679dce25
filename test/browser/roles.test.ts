import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { FrameLocator } from 'playwright-core';
import { z } from 'zod';
import { aCrowd, HARD_NAMES } from '../support/crowd.ts';
import { putItems } from '../support/people.ts';
import { SHOP } from '../support/rollcall.ts';
import { useStage, type Answers } from '../support/stage.ts';

const { visit } = useStage(async ({ engine, table }) => {
  await putItems(engine.client, table('users'), aCrowd(SHOP, 900));
});
const status = (app: FrameLocator, text: string) =>
  app.getByRole('status').filter({ hasText: text }).waitFor();

const Flags = z.strictObject({
  is_admin: z.boolean().optional(),
  is_featured_author: z.boolean().optional(),
});

/** The person as the API answers them after their flags were set. */
function aUser(n: number, flags: z.infer<typeof Flags>): object {
  return {
    user_id: `${SHOP}#${n}`,
    shop: SHOP,
    shopify_id: String(n),
    email: null,
    first_name: 'Ada',
    last_name: 'Okafor',
    shopify_state: 'enabled',
    verified_email: true,
    created_at: '2024-01-01T00:00:00.000Z',
    shopify_updated_at: null,
    is_active: true,
    is_admin: false,
    is_featured_author: false,
    membership_id: null,
    membership: null,
    revision: 2,
    ...flags,
  };
}
const setting = (n: number): Answers => ({
  [`POST /api/users/${encodeURIComponent(`${SHOP}#${n}`)}/flags`]: (body) => ({
    body: aUser(n, Flags.parse(body)),
  }),
});

describe('taking a role away', () => {
  test('asks first, and does nothing when the answer is no', async () => {
    const { app, requests, close } = await visit({ address: '/admins', answers: setting(0) });
    await app.getByRole('button', { name: 'Remove Ada Okafor 0 as admin' }).click();
    const dialog = app.getByRole('dialog', { name: 'Remove Ada Okafor 0 as admin?' });
    await dialog.waitFor();
    await app.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'hidden' });
    assert.ok(!requests.some((request) => request.startsWith('POST')));
    await close();
  });

  test('says so, and takes the person off the list', async () => {
    const { app, page, problems, close } = await visit({ address: '/admins', answers: setting(0) });
    await status(app, 'Page 1, 5 people');
    await app.getByRole('button', { name: 'Remove Ada Okafor 0 as admin' }).click();
    await app.getByRole('button', { name: 'Remove as admin', exact: true }).click();
    await page.getByText('Ada Okafor 0 is no longer an admin').waitFor();
    await status(app, 'Page 1, 4 people');
    assert.equal(await app.getByText('Ada Okafor 0').count(), 0);
    assert.deepEqual(problems, []);
    await close();
  });

  test('that Shopify refuses leaves the dialog open with the reason, and the person in the list', async () => {
    const message = 'Somebody changed this in Shopify meanwhile. Look at it and try again.';
    const { app, close } = await visit({
      address: '/admins',
      answers: {
        [`POST /api/users/${encodeURIComponent(`${SHOP}#0`)}/flags`]: () => ({
          status: 409,
          body: { error: { code: 'flag_changed', message } },
        }),
      },
    });
    await app.getByRole('button', { name: 'Remove Ada Okafor 0 as admin' }).click();
    await app.getByRole('button', { name: 'Remove as admin', exact: true }).click();
    await app.getByText(message).waitFor();
    await app.getByRole('button', { name: 'Cancel' }).click();
    await status(app, 'Page 1, 5 people');
    await close();
  });
});

describe('finding a person', () => {
  const numbers = ['62', ' 62 ', 'gid://shopify/Customer/62'];
  const addresses = [
    'https://admin.shopify.com/store/toys/customers/62?x=1',
    `https://${SHOP}/admin/customers/62`,
  ];
  test('works by Shopify id, gid, pasted address and user_id', async () => {
    const { app, page, close } = await visit({ address: '/find' });
    const field = app.getByRole('textbox', { name: 'Whom are you looking for?' });
    await app.getByRole('heading', { name: 'Look somebody up' }).waitFor();
    for (const text of [...numbers, ...addresses, `${SHOP}#62`]) {
      await field.fill('nobody at all');
      await page.keyboard.press('Enter');
      await app.getByRole('heading', { name: 'Nobody was found' }).waitFor();
      await field.fill(text);
      await app.getByRole('button', { name: 'Find' }).click();
      await app.getByRole('heading', { name: 'Greta Novák 62' }).waitFor();
    }
    await close();
  });

  test('shows where each value came from and when it last changed', async () => {
    const { app, close } = await visit({ address: '/find?q=62' });
    const row = (name: string) => app.getByRole('row').filter({ hasText: name });
    assert.match(
      (await row('E-mail').first().textContent()) ?? '',
      /person-62.*The customer in Shopify.*Oct 30, 2026/,
    );
    assert.match((await row('Membership').textContent()) ?? '', /Basic.*Rollcall’s field.*Oct 1, 2026/);
    await close();
  });

  test('gives a role from the card that a list’s own button leads to', async () => {
    const { app, page, close } = await visit({ address: '/featured-authors', answers: setting(61) });
    await app.getByRole('link', { name: 'Add a featured author' }).click();
    await app.getByRole('textbox', { name: 'Whom are you looking for?' }).fill('61');
    await page.keyboard.press('Enter');
    await app.getByRole('button', { name: 'Make featured author' }).click();
    const dialog = app.getByRole('dialog', { name: 'Make Chidi Mbeki 61 a featured author?' });
    await dialog.waitFor();
    await app.getByRole('button', { name: 'Make featured author' }).last().click();
    await page.getByText('Chidi Mbeki 61 is a featured author now').waitFor();
    await app.getByRole('button', { name: 'Remove as featured author' }).waitFor();
    await close();
  });

  test('opens from a name in a list, and Back leads there again', async () => {
    const { app, page, close } = await visit({ address: '/admins' });
    await app.getByRole('link', { name: HARD_NAMES.rightToLeft }).first().click();
    await app.getByRole('heading', { name: HARD_NAMES.rightToLeft }).waitFor();
    await page.goBack();
    await status(app, 'Page 1, 5 people');
    await close();
  });
});
