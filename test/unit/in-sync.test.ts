import assert from 'node:assert/strict';
import { test } from 'node:test';
import { whyNotInSync, type NotInSync, type SyncFacts } from '../../src/sync/status/in-sync.ts';

const now = new Date('2026-11-03T12:00:00.000Z');
const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000).toISOString();
const days = (n: number) => ago(n * 24 * 60);

const installed = { confirmed_at: days(9), installed_at: days(9) };
const applied = { complete: true, snapshot_at: days(2) };
const fine: SyncFacts = {
  install: installed,
  hasToken: true,
  lastApply: applied,
  unconfirmedRemovals: 0,
  reconciled: { at: ago(4) },
  pendingSince: undefined,
  reconcileMinutes: 15,
};

const cases: readonly (readonly [title: string, facts: Partial<SyncFacts>, NotInSync | null])[] = [
  ['the last reconcile is recent and everybody was read', {}, null],
  ['somebody waits for a short time', { pendingSince: ago(44) }, null],
  ['the last reconcile is just younger than three intervals', { reconciled: { at: ago(44) } }, null],
  ['the last reconcile is three intervals old', { reconciled: { at: ago(45) } }, 'reconcile_overdue'],
  [
    'the intervals are longer, and so is what counts as recent',
    { reconciled: { at: ago(45) }, pendingSince: ago(45), reconcileMinutes: 20 },
    null,
  ],
  ['no reconcile has ended well', { reconciled: undefined }, 'reconcile_overdue'],
  ['somebody waits for three intervals', { pendingSince: ago(45) }, 'pending_overdue'],
  ['nobody has read everybody', { lastApply: undefined }, 'full_sync_owed'],
  [
    'the last full sync did not reach everybody',
    { lastApply: { ...applied, complete: false } },
    'full_sync_owed',
  ],
  [
    'everybody was read before the app was installed again',
    { install: { ...installed, installed_at: days(1), uninstalled_at: days(2), confirmed_at: days(1) } },
    'full_sync_owed',
  ],
  [
    'our clock is a little behind Shopify’s when everybody is read',
    { install: installed, lastApply: { ...applied, snapshot_at: ago(9 * 24 * 60 + 9) } },
    null,
  ],
  ['removals wait for an answer', { unconfirmedRemovals: 40 }, 'removals_unconfirmed'],
  ['there is no token', { hasToken: false }, 'no_token'],
  ['the app was uninstalled', { install: { ...installed, uninstalled_at: days(1) } }, 'not_installed'],
  ['the shop is unknown', { install: {} }, 'not_installed'],
];

for (const [title, facts, expected] of cases)
  test(`${expected ?? 'in sync'}: ${title}`, () => {
    assert.equal(whyNotInSync({ ...fine, ...facts }, now), expected);
  });
