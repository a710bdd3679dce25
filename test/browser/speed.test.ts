import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { aCrowd } from '../support/crowd.ts';
import { putItems } from '../support/people.ts';
import { SHOP } from '../support/rollcall.ts';
import { useStage, type Visit } from '../support/stage.ts';
import { aSync, plans } from '../support/sync-state.ts';

const PEOPLE = 10_000;
const SLOWER = 4;

// With the frame in the page's own process, one switch slows both down.
const { visit } = useStage(
  async ({ engine, table }) => putItems(engine.client, table('users'), aCrowd(SHOP, PEOPLE)),
  ['--disable-site-isolation-trials', '--disable-features=IsolateOrigins,site-per-process'],
);
const answers = { 'GET /api/plans': () => ({ body: plans }), 'GET /api/sync': () => ({ body: aSync() }) };

const OBSERVE = `
  globalThis.vitals = { lcp: 0, cls: 0, interaction: 0 };
  new PerformanceObserver((list) => { for (const e of list.getEntries()) vitals.lcp = e.startTime; })
    .observe({ type: 'largest-contentful-paint', buffered: true });
  new PerformanceObserver((list) => { for (const e of list.getEntries()) if (!e.hadRecentInput) vitals.cls += e.value; })
    .observe({ type: 'layout-shift', buffered: true });
  new PerformanceObserver((list) => { for (const e of list.getEntries()) if (e.interactionId) vitals.interaction = Math.max(vitals.interaction, e.duration); })
    .observe({ type: 'event', durationThreshold: 16, buffered: true });
`;
const Vitals = z.object({ lcp: z.number(), cls: z.number(), interaction: z.number() });
type Vitals = z.infer<typeof Vitals>;

/** Opens a view, does something there, and reads what the browser measured in the app's frame. */
async function measure(address: string, act: (visit: Visit) => Promise<void>): Promise<Vitals> {
  const open = await visit({ address, answers, slower: SLOWER, init: OBSERVE });
  await act(open);
  const frame = open.page.frames().find((candidate) => candidate.url().startsWith('https://rollcall.'));
  // The browser tells of an interaction with the frame after it.
  await frame?.evaluate(
    'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))',
  );
  const vitals = Vitals.parse(await frame?.evaluate('vitals'));
  await open.close();
  return vitals;
}

/** The best of three, as other work on the machine only ever slows it down. */
async function best(address: string, act: (visit: Visit) => Promise<void>): Promise<Vitals> {
  const runs: Vitals[] = [];
  for (let n = 0; n < 3; n += 1) runs.push(await measure(address, act));
  const least = (name: keyof Vitals) => Math.min(...runs.map((vitals) => vitals[name]));
  return {
    lcp: least('lcp'),
    cls: Math.max(...runs.map(({ cls }) => cls)),
    interaction: least('interaction'),
  };
}

const status = ({ app }: Visit, text: string) => app.getByRole('status').filter({ hasText: text }).waitFor();

const acts: readonly (readonly [name: string, address: string, act: (visit: Visit) => Promise<void>])[] = [
  ['home', '/', ({ app }) => app.getByRole('heading', { name: 'Members by plan' }).waitFor()],
  [
    'a list whose pages are turned',
    '/featured-authors',
    async (open) => {
      await status(open, 'Page 1');
      await open.app.getByRole('button', { name: 'Next' }).click();
      await status(open, 'Page 2');
      await open.app.getByRole('button', { name: 'Previous' }).click();
      await status(open, 'Page 1');
    },
  ],
  [
    'a list with the question before a role is taken',
    '/admins',
    async (open) => {
      await open.app
        .getByRole('button', { name: /^Remove Ada/ })
        .first()
        .click();
      await open.app.getByRole('button', { name: 'Cancel' }).click();
    },
  ],
];

for (const [name, address, act] of acts)
  test(`${name} is there in a second, does not jump and answers in a tenth of a second on a slow machine`, async (t) => {
    const { lcp, cls, interaction } = await best(address, act);
    t.diagnostic(`LCP ${Math.round(lcp)} ms, CLS ${cls.toFixed(4)}, longest interaction ${interaction} ms`);
    assert.ok(lcp > 0 && lcp <= 1000, `LCP is ${lcp} ms`);
    assert.ok(cls <= 0.02, `CLS is ${cls}`);
    assert.ok(interaction <= 100, `the longest interaction took ${interaction} ms`);
  });
