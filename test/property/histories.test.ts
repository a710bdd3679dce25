import { test } from 'node:test';
import fc from 'fast-check';
import { aHistory, startHistories, type History } from '../support/histories.ts';

/** `npm run histories -- 10000` plays so many. */
const RUNS = Number(process.env['HISTORIES'] ?? 20);
const options = { numRuns: RUNS, endOnFailure: process.env['HISTORIES_SHRINK'] !== '1' };

/** Histories that have found a fault. */
const FOUND: readonly { readonly fault: string; readonly history: History }[] = [];

test('a shop’s people', async (t) => {
  const histories = await startHistories();
  t.after(() => histories.close());

  for (const { fault, history } of FOUND)
    await t.test(`are the shop’s after a history that has found a fault: ${fault}`, async () => {
      await histories.play(history);
      await histories.playDelivered(history);
    });

  await t.test('are the shop’s after any history, one reconcile and one full sync', () =>
    fc.assert(
      fc.asyncProperty(aHistory, (history) => histories.play(history)),
      options,
    ),
  );

  await t.test('are all that was acknowledged, in whatever order, after one reconcile', () =>
    fc.assert(
      fc.asyncProperty(aHistory, (history) => histories.playDelivered(history)),
      options,
    ),
  );
});
