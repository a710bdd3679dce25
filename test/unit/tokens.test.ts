import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { createLog } from '../../src/log.ts';
import type { OfflineSession } from '../../src/shopify/auth/sessions.ts';
import { createTokens } from '../../src/shopify/auth/tokens.ts';

const now = new Date('2026-11-01T10:00:00.000Z');
const session = (accessToken: string, expiresAt: string): OfflineSession => ({
  accessToken,
  refreshToken: 'refresh',
  expiresAt,
  scope: 'read_customers',
  authorizedAt: '2026-11-01T08:00:00.000Z',
});

/** Tokens over one stored session; `lease` may change it first, as another process would. */
function tokensOver(stored: { session: OfflineSession | undefined }, before: () => void = () => undefined) {
  const counts = { leases: 0, discarded: 0, released: 0 };
  const tokens = createTokens({
    sessions: {
      get: async () => stored.session,
      async lease() {
        counts.leases += 1;
        before();
        return {
          session: stored.session,
          async store(next) {
            stored.session = next;
            return true;
          },
          async discard() {
            counts.discarded += 1;
            stored.session = undefined;
          },
          release: async () => void (counts.released += 1),
        };
      },
    },
    requests: {
      async refresh() {
        await setImmediate();
        return session('new', '2026-11-01T11:00:00.000Z');
      },
      exchange: async () => session('exchanged', '2026-11-01T11:00:00.000Z'),
    },
    log: createLog('silent'),
    now: () => now,
  });
  return { tokens, counts };
}

test('callers of one process share one refresh, so that the lease is written once', async () => {
  const { tokens, counts } = tokensOver({ session: session('old', '2026-11-01T09:00:00.000Z') });
  const got = await Promise.all(Array.from({ length: 50 }, () => tokens.accessToken('toys.myshopify.com')));
  assert.deepEqual(new Set(got), new Set(['new']));
  assert.equal(counts.leases, 1);
});

test('a session that the page has brought while an older one was refused is kept', async () => {
  const refused = { ...session('refused', '2026-11-01T11:00:00.000Z'), afterRefusal: true };
  const stored = { session: refused };
  const { tokens, counts } = tokensOver(stored, () => {
    stored.session = { ...session('exchanged', '2026-11-01T11:00:00.000Z'), afterRefusal: false };
  });
  await tokens.refused('toys.myshopify.com', 'refused');
  assert.equal(stored.session.accessToken, 'exchanged');
  assert.deepEqual([counts.discarded, counts.released], [0, 1]);
});

test('a second refusal in a row gives the session up', async () => {
  const stored = { session: { ...session('refused', '2026-11-01T11:00:00.000Z'), afterRefusal: true } };
  const { tokens, counts } = tokensOver(stored);
  await assert.rejects(tokens.refused('toys.myshopify.com', 'refused'), { code: 'reauthorization_needed' });
  assert.equal(counts.discarded, 1);
});

test('an exchange replaces a session only where Shopify has refused its predecessor and the caller was refused too', async () => {
  for (const afterRefusal of [false, true])
    for (const replaceRefused of [false, true]) {
      const stored = { session: { ...session('stored', '2026-11-01T11:00:00.000Z'), afterRefusal } };
      const { tokens } = tokensOver(stored);
      const at = '2026-11-01T10:00:00.000Z';
      const isNew = await tokens.exchange('toys.myshopify.com', 'token', at, { replaceRefused });
      assert.equal(isNew, afterRefusal && replaceRefused);
      assert.equal(stored.session.accessToken, isNew ? 'exchanged' : 'stored');
    }
});
