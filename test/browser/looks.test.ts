import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import type { Frame, Page } from 'playwright-core';
import { aCrowd } from '../support/crowd.ts';
import { looks } from '../support/looks.ts';
import { putItems } from '../support/user-items.ts';
import { SHOP } from '../support/rollcall.ts';
import { useStage } from '../support/stage.ts';

// Every view and state, on a desktop and on a phone: no violation that axe knows, nothing that Polaris would not
// understand, nothing wider than the screen. The pictures go to screenshots/, to be looked at.

const { visit } = useStage(async ({ engine, table }) => {
  await putItems(engine.client, table('users'), aCrowd(SHOP, 2000));
});
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const DEVICES = [
  ['desktop', 1280, 900],
  ['phone', 390, 844],
] as const;

function frameOf(page: Page): Frame {
  const frame = page.frames().find((candidate) => candidate.url().startsWith('https://rollcall.example.com'));
  assert.ok(frame, 'the app is not in its frame');
  return frame;
}

/** Changes the screen, and waits until the app in its frame, a process of its own, is laid out for it. */
async function resize(page: Page, width: number, height: number): Promise<void> {
  await page.setViewportSize({ width, height });
  const frame = await page.locator('iframe').evaluate((element) => element.clientWidth);
  await frameOf(page).waitForFunction(`innerWidth === ${frame}`);
  await frameOf(page).evaluate(
    'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))',
  );
}

async function assertAccessible(page: Page, name: string): Promise<void> {
  const frame = frameOf(page);
  await frame.evaluate(axe);
  const violations = await frame.evaluate<string[]>(
    `axe.run().then(({violations}) => violations.map(({id, nodes}) => id + ': ' + nodes.map(({html}) => html).slice(0, 3).join(' ')))`,
  );
  assert.deepEqual(violations, [], name);
  const { width } = await page.locator('iframe').evaluate((element) => element.getBoundingClientRect());
  assert.ok(width <= (page.viewportSize()?.width ?? 0), `${name} has a frame that is wider than the screen`);
  const overflow = await frame.evaluate<number>(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  );
  assert.ok(overflow <= 0, `${name} is ${overflow} px wider than the screen`);
}

for (const { name, ready, prepare, ...options } of looks)
  test(`${name} is accessible, fits and uses Polaris as it is meant, on a desktop and on a phone`, async () => {
    const { app, page, problems, close } = await visit(options);
    await app.getByText(ready).first().waitFor();
    await prepare?.(app);
    for (const [device, width, height] of DEVICES) {
      await resize(page, width, height);
      await page.screenshot({ path: `screenshots/${name}-${device}.png` });
      await assertAccessible(page, `${name} on a ${device}`);
    }
    assert.deepEqual(problems, []);
    await close();
  });
