import { test } from 'node:test';
import fc from 'fast-check';
import { aHistory, aTroubledHistory, startHistories, type History } from '../support/histories.ts';

/** `npm run histories -- 10000` plays so many. */
const RUNS = Number(process.env['HISTORIES'] ?? 20);
const options = { numRuns: RUNS, endOnFailure: process.env['HISTORIES_SHRINK'] !== '1' };

/** Histories that have found a fault. */
const FOUND: readonly { readonly fault: string; readonly history: History }[] = [
  {
    fault: 'a metafield that moves no time, acknowledged just before a crash',
    history: {
      minutes: 0,
      events: [
        { kind: 'create', name: 'Ada', tag: 'other' },
        { kind: 'role', who: 1, key: 'is_admin', value: true },
        { kind: 'role', who: 5, key: 'is_featured_author', value: true },
        {
          kind: 'deliver',
          picks: [
            { nth: 5, again: false },
            { nth: 8, again: false },
          ],
        },
        { kind: 'member', who: 0, plan: 0 },
        { kind: 'rename_plan', plan: 0, handle: 'silver' },
        { kind: 'deliver', picks: [{ nth: 8, again: true }] },
        { kind: 'pass', seconds: 400 },
      ],
      endsInCrash: true,
    },
  },
  {
    fault: 'names that were withheld by an error stayed so, although nobody has one any more',
    history: {
      minutes: -10,
      events: [
        { kind: 'trouble', trouble: 'names_withheld_by_code', who: 5 },
        { kind: 'trouble', trouble: 'names_withheld_by_text', who: 2 },
        { kind: 'merge', who: 2, into: 4, copies: false },
        {
          kind: 'deliver',
          picks: [
            { nth: 1, again: true },
            { nth: 0, again: true },
            { nth: 7, again: true },
            { nth: 7, again: true },
            { nth: 8, again: false },
          ],
        },
        { kind: 'member', who: 2, plan: 1 },
        { kind: 'member', who: 2, plan: 2 },
        { kind: 'merge', who: 5, into: 2, copies: false },
        { kind: 'deliver', picks: [{ nth: 5, again: true }] },
        { kind: 'edit', who: 5, name: null },
        { kind: 'merge', who: 0, into: 4, copies: false },
      ],
      endsInCrash: false,
    },
  },
];

test('a shop’s people', async (t) => {
  const histories = await startHistories();
  t.after(() => histories.close());

  for (const { fault, history } of FOUND)
    await t.test(`are the shop’s after a history that has found a fault: ${fault}`, async () => {
      await histories.play(history);
      // Of what was not told somebody has to ask: that takes more than one reconcile.
      if (!history.events.some(({ kind }) => kind === 'trouble')) await histories.playDelivered(history);
    });

  await t.test('are the shop’s after any history, one reconcile and one full sync', () =>
    fc.assert(
      fc.asyncProperty(aHistory, (history) => histories.play(history)),
      options,
    ),
  );

  await t.test('are the shop’s after any history of a shop that does not tell everything', () =>
    fc.assert(
      fc.asyncProperty(aTroubledHistory, (history) => histories.play(history)),
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
