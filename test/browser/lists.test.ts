import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import type { FrameLocator } from 'playwright-core';
import { aCrowd, HARD_NAMES } from '../support/crowd.ts';
import { putItems } from '../support/user-items.ts';
import { SHOP } from '../support/rollcall.ts';
import { useStage } from '../support/stage.ts';
import { plans } from '../support/api-answers.ts';

const PEOPLE = 2000;

const { visit } = useStage(async ({ engine, table }) => {
  await putItems(engine.client, table('users'), aCrowd(SHOP, PEOPLE));
});
const answers = { 'GET /api/plans': () => ({ body: plans }) };

const firstName = (app: FrameLocator) => app.getByRole('cell').first().textContent();
const status = (app: FrameLocator, text: string) =>
  app.getByRole('status').filter({ hasText: text }).waitFor();

describe('a list', () => {
  test('turns its pages with Next, Previous and the browser’s Back, and keeps the cursor in the address', async () => {
    const { app, page, problems, close } = await visit({ address: '/featured-authors' });
    await status(app, 'Page 1, 25 people');
    const [first, address] = [await firstName(app), page.url()];
    await app.getByRole('button', { name: 'Next' }).click();
    await status(app, 'Page 2, 25 people');
    const second = await firstName(app);
    assert.notEqual(second, first);
    assert.match(page.url(), /cursor=/);
    await app.getByRole('button', { name: 'Next' }).click();
    await status(app, 'Page 3, 18 people');
    await app.getByRole('button', { name: 'Previous' }).click();
    await status(app, 'Page 2, 25 people');
    assert.equal(await firstName(app), second);
    await page.goBack();
    await status(app, 'Page 3');
    await page.goBack();
    await status(app, 'Page 2');
    await page.goBack();
    await status(app, 'Page 1');
    assert.equal(await firstName(app), first);
    assert.equal(page.url(), address);
    assert.deepEqual(problems, []);
    await close();
  });

  test('opens at the page that an address names', async () => {
    const one = await visit({ address: '/featured-authors' });
    await status(one.app, 'Page 1');
    await one.app.getByRole('button', { name: 'Next' }).click();
    await status(one.app, 'Page 2');
    const second = await firstName(one.app);
    const address = one.page.url().replace(/^.*\/apps\/rollcall/, '');
    await one.close();
    const other = await visit({ address });
    await status(other.app, '25 people');
    assert.equal(await firstName(other.app), second);
    await other.app.getByRole('button', { name: 'Previous' }).click();
    await status(other.app, 'Page 1');
    await other.close();
  });

  test('leaves the focus on the button that turned the page, and on the list where that button ends', async () => {
    const { app, page, close } = await visit({ address: '/featured-authors' });
    await status(app, 'Page 1');
    await app.getByRole('button', { name: 'Next' }).focus();
    await page.keyboard.press('Enter');
    await status(app, 'Page 2');
    assert.equal(await app.locator('s-table:focus').count(), 1);
    await page.keyboard.press('Enter');
    await status(app, 'Page 3');
    await app.locator('[role="group"]:focus-within').waitFor();
    await close();
  });

  test('shows only who has joined since a day, keeps the day in the address, and can show everybody again', async () => {
    const { app, page, close } = await visit({ address: '/admins' });
    await status(app, 'Page 1, 6 people');
    const day = app.getByLabel('Joined since');
    await day.fill('2024-01-02');
    await day.press('Enter');
    await app.getByRole('heading', { name: 'Nobody has joined since that day' }).waitFor();
    assert.match(page.url(), /\?since=2024-01-02$/);
    await app.getByRole('button', { name: 'Show everybody' }).click();
    await status(app, 'Page 1, 6 people');
    await day.fill('2024-01-01');
    await day.press('Enter');
    await page.waitForURL(/\?since=2024-01-01$/);
    await status(app, 'Page 1, 6 people');
    await day.fill('1 January');
    await day.press('Enter');
    await app.getByText(/^Write a day as /).waitFor();
    await status(app, 'Page 1, 6 people');
    await close();
  });

  test('writes long, right-to-left and missing names so that they can be read', async () => {
    const { app, close } = await visit({ address: '/admins' });
    await app.getByRole('cell', { name: HARD_NAMES.long }).first().waitFor();
    await app.getByRole('link', { name: 'No name' }).waitFor();
    assert.equal(await app.getByText(HARD_NAMES.rightToLeft).getAttribute('dir'), 'auto');
    await app.getByRole('cell', { name: 'No e-mail' }).waitFor();
    await close();
  });

  test('that cannot be read says why, and reads again when asked to', async () => {
    let failures = 1;
    const failed = {
      error: { code: 'store_failed', message: 'The users table cannot be reached: try again' },
    };
    const none = { items: [], next_cursor: null };
    const { app, close } = await visit({
      address: '/featured-authors',
      answers: {
        'GET /api/featured-authors': () => (failures-- > 0 ? { status: 503, body: failed } : { body: none }),
      },
    });
    await app.getByRole('alert', { name: 'This could not be loaded' }).waitFor();
    await app.getByText('Your platform’s list cannot be reached just now').waitFor();
    assert.equal(await app.getByText('The users table').count(), 0);
    await app.getByRole('button', { name: 'Try again' }).click();
    await app.getByRole('heading', { name: 'No featured authors yet' }).waitFor();
    await close();
  });

  test('that answers in another form than agreed says so instead of showing nothing', async () => {
    const { app, close } = await visit({
      address: '/admins',
      answers: { 'GET /api/admins': () => ({ body: { people: [] } }) },
    });
    await app.getByText('Rollcall answered with something unexpected').waitFor();
    await close();
  });

  test('links a person to the customer in the admin', async () => {
    const { app, page, close } = await visit({ address: '/admins' });
    await app.getByRole('link', { name: 'Open in Shopify: Ada Okafor 0' }).click();
    await page.getByText('The real admin would open customers/0 here').waitFor();
    await close();
  });

  test('is exported whole, as a file', async () => {
    const { app, page, close } = await visit({ address: '/featured-authors' });
    await status(app, 'Page 1');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      app.getByRole('button', { name: 'Export as CSV' }).click(),
    ]);
    assert.match(download.suggestedFilename(), /^featured-authors-\d{4}-\d\d-\d\d\.csv$/);
    const text = await readFile(await download.path(), 'utf8');
    assert.equal(text.trim().split('\r\n').length, 68 + 1);
    await page.getByText('The list was downloaded').waitFor();
    await close();
  });
});

describe('the members of a plan', () => {
  test('are listed by the plan that is chosen, which the address keeps', async () => {
    const { app, page, close } = await visit({ address: '/members', answers });
    await app.getByText('Free', { exact: true }).waitFor();
    await app.getByLabel('Plan').selectOption('Gold');
    await app.getByText('€29.00 per month').waitFor();
    await status(app, 'Page 1, 25 people');
    assert.match(page.url(), /\/members\?plan=gold$/);
    await page.goBack();
    await app.getByText('Free', { exact: true }).waitFor();
    await close();
  });
});
