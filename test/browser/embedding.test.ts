import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { aCrowd } from '../support/crowd.ts';
import { eventually } from '../support/eventually.ts';
import { putItems } from '../support/user-items.ts';
import { SHOP } from '../support/rollcall.ts';
import { aSessionToken } from '../support/session-token.ts';
import { useStage } from '../support/stage.ts';
import { aSync, plans } from '../support/api-answers.ts';

const { visit } = useStage(async ({ engine, table }) => {
  await putItems(engine.client, table('users'), aCrowd(SHOP, 900));
});
const answers = { 'GET /api/plans': () => ({ body: plans }), 'GET /api/sync': () => ({ body: aSync() }) };

describe('the frame', () => {
  test('is shown by the shop’s own admin', async () => {
    const { app, close } = await visit({ admin: `https://${SHOP}`, address: '/admins' });
    await app.getByRole('heading', { name: 'Admins' }).waitFor();
    await close();
  });

  test('is refused to every other origin by the browser itself', async () => {
    for (const admin of ['https://evil.example', 'https://other.myshopify.com']) {
      const { page, problems, close } = await visit({ admin, address: '/admins' });
      // By then the browser has spoken.
      await page.waitForLoadState();
      assert.ok(
        problems.some((problem) => problem.includes('frame-ancestors')),
        admin,
      );
      assert.equal(await page.frameLocator('iframe').getByRole('heading', { name: 'Admins' }).count(), 0);
      await close();
    }
  });
});

describe('a session token', () => {
  test('that expires mid-way is renewed once, and the merchant does not notice', async () => {
    const past = Math.floor(Date.now() / 1000) - 120;
    const expired = aSessionToken(SHOP, { claims: { iat: past, nbf: past, exp: past + 60 } });
    const first = aSessionToken();
    let minutePassed = false;
    const { app, requests, problems, close } = await visit({
      address: '/featured-authors',
      token: (n) => (n === 0 ? first : aSessionToken(SHOP, { claims: { jti: 'another' } })),
      tokenSent: (token) => (minutePassed && token === first ? expired : token),
    });
    await app.getByRole('status').filter({ hasText: 'Page 1, 25 people' }).waitFor();
    minutePassed = true;
    await app.getByRole('button', { name: 'Next' }).click();
    await app.getByRole('status').filter({ hasText: 'Page 2' }).waitFor();
    assert.equal(requests.filter((request) => request.includes('/api/featured-authors?cursor=')).length, 2);
    assert.deepEqual(problems, []);
    await close();
  });

  test('that is refused again ends in a sentence and a way to try again', async () => {
    const forged = () => aSessionToken(SHOP, { secret: 'guessed' });
    const { app, requests, close } = await visit({ address: '/admins', token: forged });
    await app.getByRole('alert', { name: 'This could not be loaded' }).waitFor();
    await app.getByRole('button', { name: 'Try again' }).waitFor();
    assert.equal(requests.filter((request) => request === 'GET /api/admins').length, 2);
    await close();
  });
});

describe('the page', () => {
  test('speaks German to a German admin, with its dates and numbers, and says so to screen readers', async () => {
    const { app, page, close } = await visit({ locale: 'de-DE', answers });
    await app.getByRole('status', { name: 'Alles ist abgeglichen' }).waitFor();
    await app.getByText('10.000').waitFor();
    assert.equal(await app.locator('html').getAttribute('lang'), 'de');
    await page.getByRole('link', { name: 'Ausgewählte Autoren' }).click();
    await app.getByRole('heading', { name: 'Ausgewählte Autoren', level: 1 }).waitFor();
    await app.getByRole('cell', { name: '01.01.2024' }).first().waitFor();
    await close();
  });

  test('speaks English where it does not know the admin’s language', async () => {
    const { app, close } = await visit({ locale: 'ja', answers });
    await app.getByRole('status', { name: 'Everything is in sync' }).waitFor();
    await close();
  });

  test('follows the admin’s navigation without loading the document again', async () => {
    const { app, page, requests, close } = await visit({ answers });
    for (const name of ['Featured authors', 'Admins', 'Members', 'Find a person', 'Sync', 'Rollcall']) {
      await page.getByRole('link', { name, exact: true }).click();
      await app.getByRole('heading', { name, level: 1 }).waitFor();
    }
    assert.equal(requests.filter((request) => request.includes('embedded=1')).length, 1);
    await close();
  });

  test('says what is wrong and offers to reload when Shopify’s scripts are blocked', async () => {
    for (const [locale, name] of [
      ['en', 'Reload'],
      ['de', 'Neu laden'],
    ] as const) {
      const { app, requests, close } = await visit({ cdn: 'blocked', locale });
      await app.getByRole('alert').waitFor();
      await app.getByRole('link', { name }).click();
      await app.getByRole('alert').waitFor();
      assert.equal(requests.filter((request) => request.startsWith('GET /?embedded=1')).length, 2);
      await close();
    }
  });

  test('says so too when Shopify’s scripts keep it waiting, and starts when a reload brings them', async () => {
    const cdn = Promise.withResolvers<void>();
    const { app, page, close } = await visit({ cdn: cdn.promise, answers });
    // Its time begins when its own script has come.
    await eventually(async () => {
      await page.clock.runFor(1000);
      assert.equal(await app.getByRole('alert').count(), 1);
    });
    await page.screenshot({ path: 'screenshots/hanging-desktop.png' });
    cdn.resolve();
    await app.getByRole('link', { name: 'Reload' }).click();
    await app.getByRole('status', { name: 'Everything is in sync' }).waitFor();
    assert.equal(await app.getByRole('alert').count(), 0);
    await close();
  });
});
