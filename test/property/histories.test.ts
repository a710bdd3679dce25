import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { aHistory, startHistories, type Histories, type History } from '../support/histories.ts';

/** `npm run histories -- 10000` plays so many. */
const RUNS = Number(process.env['HISTORIES'] ?? 100);

/** Histories that have found a fault. */
const FOUND: readonly { readonly fault: string; readonly history: History }[] = [];

let histories: Histories;
before(async () => {
  histories = await startHistories();
});
after(() => histories.close());

for (const { fault, history } of FOUND)
  test(`after a history that has found a fault the people are the shop’s: ${fault}`, () =>
    histories.play(history));

test('after any history, one reconcile and one full sync the people are the shop’s', async () => {
  await fc.assert(
    fc.asyncProperty(aHistory, (history) => histories.play(history)),
    {
      numRuns: RUNS,
      interruptAfterTimeLimit: 3_000_000,
      endOnFailure: process.env['HISTORIES_SHRINK'] === undefined,
    },
  );
});
