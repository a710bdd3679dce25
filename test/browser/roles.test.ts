import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { FrameLocator } from 'playwright-core';
import { z } from 'zod';
import type { ErrorAnswer, RolesAnswer, RolesBody } from '../../src/http/api/types.ts';
import { aCrowd, HARD_NAMES } from '../support/crowd.ts';
import { putItems } from '../support/user-items.ts';
import { SHOP } from '../support/rollcall.ts';
import { useStage, type Answers } from '../support/stage.ts';
import { sources, sourcesPath } from '../support/sources.ts';

const { visit } = useStage(async ({ engine, table }) => {
  const legacy = { user_id: 'legacy-1', shop: SHOP, first_name: 'Platform' };
  await putItems(engine.client, table('users'), [...aCrowd(SHOP, 900), legacy]);
});
const status = (app: FrameLocator, text: string) =>
  app.getByRole('status').filter({ hasText: text }).waitFor();

const Roles = z.strictObject({
  is_admin: z.boolean().optional(),
  is_featured_author: z.boolean().optional(),
});

/** The person as the API answers them after their roles were set. */
function aUser(n: number, { is_admin = false, is_featured_author = false }: RolesBody): RolesAnswer {
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
    is_admin,
    is_featured_author,
    membership_id: null,
    membership: null,
    revision: 2,
    pending: false,
  };
}
const setting = (n: number): Answers => ({
  [`POST /api/users/${encodeURIComponent(`${SHOP}#${n}`)}/roles`]: (body) => ({
    body: aUser(n, Roles.parse(body)),
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
    const refusal: ErrorAnswer = { error: { code: 'roles_changed_meanwhile', message: 'For engineers' } };
    const { app, close } = await visit({
      address: '/admins',
      answers: {
        [`POST /api/users/${encodeURIComponent(`${SHOP}#0`)}/roles`]: () => ({ status: 409, body: refusal }),
      },
    });
    await app.getByRole('button', { name: 'Remove Ada Okafor 0 as admin' }).click();
    await app.getByRole('button', { name: 'Remove as admin', exact: true }).click();
    await app.getByText('Somebody else has just changed this person in Shopify').waitFor();
    assert.equal(await app.getByText('For engineers').count(), 0);
    assert.equal(await app.getByText('The change is saved in Shopify').count(), 0);
    await app.getByRole('button', { name: 'Cancel' }).click();
    await status(app, 'Page 1, 5 people');
    await close();
  });
});

test('a role that Shopify has and that is not here yet is told as such, and nothing is shown before it is', async () => {
  const { app, page, close } = await visit({
    address: '/admins',
    answers: {
      [`POST /api/users/${encodeURIComponent(`${SHOP}#0`)}/roles`]: () => ({
        status: 202,
        body: { ...aUser(0, { is_admin: true }), pending: true },
      }),
    },
  });
  await app.getByRole('button', { name: 'Remove Ada Okafor 0 as admin' }).click();
  await app.getByRole('button', { name: 'Remove as admin', exact: true }).click();
  await page.getByText('Saved in Shopify. Ada Okafor 0: it arrives here in a moment').waitFor();
  await status(app, 'Page 1, 5 people');
  await close();
});

describe('a permission that the app lacks is named in the page’s language, with the way to give it', () => {
  const texts = {
    en: [
      'Remove Ada Okafor 0 as admin',
      'Remove as admin',
      'the permission “Edit customers”',
      'Open Rollcall again',
    ],
    de: [
      'Ada Okafor 0 als Admin entfernen',
      'Als Admin entfernen',
      'die Berechtigung „Kunden bearbeiten“',
      'Rollcall noch einmal öffnen',
    ],
  } as const;
  for (const [locale, [remove, confirm, sentence, reopen]] of Object.entries(texts))
    test(locale, async () => {
      const error: ErrorAnswer['error'] = {
        code: 'permission_missing',
        message: 'For engineers',
        permissions: ['write_customers'],
      };
      const { app, close } = await visit({
        address: '/admins',
        locale,
        answers: {
          [`POST /api/users/${encodeURIComponent(`${SHOP}#0`)}/roles`]: () => ({
            status: 403,
            body: { error },
          }),
        },
      });
      await app.getByRole('button', { name: remove }).click();
      await app.getByRole('button', { name: confirm, exact: true }).click();
      await app.getByText(sentence).waitFor();
      await app.getByRole('link', { name: reopen }).waitFor();
      assert.equal(await app.getByText('For engineers').count(), 0);
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
    const { app, close } = await visit({
      address: '/find?q=62',
      answers: { [sourcesPath(62)]: () => ({ body: sources }) },
    });
    await app.getByRole('cell', { name: 'Not set in Shopify' }).waitFor();
    const row = (name: string) => app.getByRole('row').filter({ hasText: name });
    assert.match(
      (await row('E-mail').first().textContent()) ?? '',
      /person-62.*The customer in Shopify.*Oct 30, 2026/,
    );
    assert.match((await row('Membership').textContent()) ?? '', /Basic.*Rollcall’s field.*Nov 3, 2026/);
    assert.match((await row('Featured author').textContent()) ?? '', /Yes.*A tag.*Not known/);
    assert.match((await row('Admin').textContent()) ?? '', /No.*Not set in Shopify.*Not known/);
    assert.match((await row('Details of the plan').textContent()) ?? '', /The plan.*Oct 1, 2026/);
    await close();
  });

  test('shows the rest while Shopify does not answer, and asks again when told to', async () => {
    let failures = 1;
    const error: ErrorAnswer['error'] = {
      code: 'admin_api_unavailable',
      message: 'Shopify cannot answer CustomerSources: no answer',
    };
    const { app, close } = await visit({
      address: '/find?q=62',
      answers: {
        [sourcesPath(62)]: () => (failures-- > 0 ? { status: 503, body: { error } } : { body: sources }),
      },
    });
    await app.getByRole('heading', { name: 'Greta Novák 62' }).waitFor();
    await app.getByText('Shopify does not answer just now').waitFor();
    await app.getByRole('cell', { name: 'The customer in Shopify' }).first().waitFor();
    await app.getByRole('button', { name: 'Try again' }).click();
    await app.getByRole('cell', { name: 'A tag of the customer in Shopify' }).waitFor();
    assert.equal(await app.getByText('Shopify does not answer just now').count(), 0);
    await close();
  });

  test('does not move what is seen when Shopify has answered', async () => {
    const { app, page, close } = await visit({
      address: '/find?q=62',
      answers: { [sourcesPath(62)]: () => ({ body: sources }) },
      init: `new PerformanceObserver((list) => {
        for (const { value } of list.getEntries()) globalThis.shifted = (globalThis.shifted ?? 0) + value;
      }).observe({ type: 'layout-shift', buffered: true });`,
    });
    await app.getByRole('cell', { name: 'A tag of the customer in Shopify' }).waitFor();
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
    const shifted = await page.frames().at(-1)?.evaluate<number>('globalThis.shifted ?? 0');
    assert.ok(shifted !== undefined && shifted <= 0.02, `${shifted}`);
    await close();
  });

  test('tells of a person of the platform alone that Shopify knows nothing of them', async () => {
    const { app, requests, close } = await visit({ address: '/find?q=legacy-1' });
    await app.getByRole('heading', { name: 'Platform' }).waitFor();
    await app.getByRole('cell', { name: 'Your platform, not Shopify' }).first().waitFor();
    assert.ok(!requests.some((request) => request.endsWith('/sources')));
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
