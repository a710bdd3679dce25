import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { applyEvent, statusOf, type Install, type InstallEvent } from '../../src/ledger/install.ts';
import { instant } from '../support/user-items.ts';

const after = (events: readonly InstallEvent[]): Install => events.reduce(applyEvent, {});
const confirmed = (n: number): InstallEvent => ({ kind: 'confirmed', at: instant(n) });
const uninstalled = (n: number): InstallEvent => ({ kind: 'uninstalled', at: instant(n) });

test('a shop never seen is unknown, and a first look at the page is the installation', () => {
  assert.equal(statusOf({}), 'unknown');
  const install = after([confirmed(1)]);
  assert.equal(statusOf(install), 'installed');
  assert.equal(install.installed_at, instant(1));
});

test('a later look at the page is no other installation', () => {
  assert.equal(after([confirmed(1), confirmed(9)]).installed_at, instant(1));
});

test('an uninstallation that is older than the installation does not count', () => {
  assert.equal(statusOf(after([confirmed(5), uninstalled(3)])), 'installed');
});

test('a late uninstallation that reveals a gap makes another installation', () => {
  const install = after([confirmed(1), confirmed(9), uninstalled(5)]);
  assert.equal(statusOf(install), 'installed');
  assert.equal(install.installed_at, instant(9));
});

test('an installation is another one after the one whose jobs were made due, whatever is told late', () => {
  const scheduled = (n: number): InstallEvent => ({ kind: 'scheduled', at: instant(n) });
  const install = after([confirmed(1), scheduled(1), uninstalled(5), confirmed(9)]);
  assert.deepEqual([install.scheduled_for, install.installed_at], [instant(1), instant(9)]);
  assert.equal(after([confirmed(1), confirmed(9), scheduled(9), scheduled(1)]).scheduled_for, instant(9));
});

test('the newest scopes stand, whatever the order', () => {
  const scopes = (n: number, name: string): InstallEvent => ({
    kind: 'scopes',
    at: instant(n),
    scopes: [name],
  });
  assert.deepEqual(after([scopes(2, 'new'), scopes(1, 'old')]).scopes, ['new']);
  assert.deepEqual(after([scopes(1, 'old'), scopes(2, 'new')]).scopes, ['new']);
});

test('every order of installs, uninstalls and reinstalls, repeated or not, ends in the right state', () => {
  const anEvent = fc.record({ at: fc.integer({ min: 0, max: 50 }), install: fc.boolean() });
  const history = fc.uniqueArray(anEvent, { minLength: 1, maxLength: 7, selector: ({ at }) => at });
  const orders = history.chain((events) =>
    fc.record({
      events: fc.constant(events),
      order: fc.shuffledSubarray([...events, ...events], { minLength: 2 * events.length }),
    }),
  );
  fc.assert(
    fc.property(orders, ({ events, order }) => {
      const install = after(order.map(({ at, install: yes }) => (yes ? confirmed(at) : uninstalled(at))));
      const newest = events.toSorted((a, b) => b.at - a.at)[0];
      assert.equal(statusOf(install), newest?.install ? 'installed' : 'uninstalled');
      if (!newest?.install) return;
      // Webhooks have come without a gap at the most since the last uninstallation: what was before has to be read.
      const lastGap = Math.max(-1, ...events.filter((event) => !event.install).map(({ at }) => at));
      assert.ok(lastGap < 0 || (install.installed_at ?? '') > instant(lastGap));
      assert.ok(install.installed_at !== undefined);
    }),
    { numRuns: 2000 },
  );
});
