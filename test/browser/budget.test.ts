import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FrameLocator } from 'playwright-core';
import { z } from 'zod';
import { aCrowd } from '../support/crowd.ts';
import { SHOP } from '../support/rollcall.ts';
import { APP_ORIGIN, useStage } from '../support/stage.ts';
import { aSync, plans } from '../support/api-answers.ts';
import { putItems } from '../support/user-items.ts';

// What the page's speed hangs on, counted: how long it takes is measured by bench/page.ts.

const stage = useStage(async ({ engine, table }) =>
  putItems(engine.client, table('users'), aCrowd(SHOP, 1600)),
);
const answers = {
  'GET /api/plans': () => ({ body: plans }),
  'GET /api/sync': () => ({ body: aSync() }),
};
const OBSERVE = `
  globalThis.shift = 0;
  new PerformanceObserver((list) => { for (const e of list.getEntries()) if (!e.hadRecentInput) shift += e.value; })
    .observe({ type: 'layout-shift', buffered: true });
`;
const status = (app: FrameLocator, text: string) =>
  app.getByRole('status').filter({ hasText: text }).waitFor();

const views: readonly (readonly [
  name: string,
  address: string,
  api: readonly string[],
  act: (app: FrameLocator) => Promise<void>,
])[] = [
  [
    'home',
    '/',
    ['GET /api/plans', 'GET /api/sync'],
    (app) => app.getByRole('heading', { name: 'Members by plan' }).waitFor(),
  ],
  [
    'a list whose pages are turned',
    '/featured-authors',
    ['GET /api/featured-authors', 'GET /api/featured-authors', 'GET /api/featured-authors'],
    async (app) => {
      await status(app, 'Page 1');
      await app.getByRole('button', { name: 'Next' }).click();
      await status(app, 'Page 2');
      await app.getByRole('button', { name: 'Previous' }).click();
      await status(app, 'Page 1');
    },
  ],
  [
    'a list with the question before a role is taken',
    '/admins',
    ['GET /api/admins'],
    async (app) => {
      await app
        .getByRole('button', { name: /^Remove Ada/ })
        .first()
        .click();
      await app.getByRole('button', { name: 'Cancel' }).click();
    },
  ],
];

for (const [name, address, api, act] of views)
  test(`${name} asks for what it shows once, and does not jump`, async () => {
    const { page, app, requests, close } = await stage.visit({ address, answers, init: OBSERVE });
    await act(app);
    const names = requests.map((request) => request.replace(/\?.*/, ''));
    const frame = page.frames().find((candidate) => candidate.url().startsWith(APP_ORIGIN));
    const shift = z.number().parse(await frame?.evaluate('shift'));
    assert.ok(shift <= 0.02, `${shift}`);
    assert.deepEqual(names.filter((request) => request.startsWith('GET /api/')).toSorted(), api);
    // The document, and its style and two scripts.
    assert.equal(names.length, 4 + api.length);
    await close();
  });
