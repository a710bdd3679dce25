import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { createLog } from '../../src/log.ts';
import type { OfflineSession } from '../../src/shopify/sessions.ts';
import { createTokens } from '../../src/shopify/tokens.ts';

const now = new Date('2026-11-01T10:00:00.000Z');
const session = (accessToken: string, expiresAt: string): OfflineSession => ({
  accessToken,
  refreshToken: 'refresh',
  expiresAt,
  scope: 'read_customers',
  authorizedAt: '2026-11-01T08:00:00.000Z',
});

test('callers of one process share one refresh, so that the lease is written once', async () => {
  let stored = session('old', '2026-11-01T09:00:00.000Z');
  let leases = 0;
  const tokens = createTokens({
    sessions: {
      get: async () => stored,
      async lease() {
        leases += 1;
        return {
          session: stored,
          async store(next) {
            stored = next;
            return true;
          },
          discard: async () => undefined,
          release: async () => undefined,
        };
      },
    },
    requests: {
      async refresh() {
        await setImmediate();
        return session('new', '2026-11-01T11:00:00.000Z');
      },
      exchange: async () => Promise.reject(new Error('There is a session')),
    },
    log: createLog('silent'),
    now: () => now,
  });
  const got = await Promise.all(Array.from({ length: 50 }, () => tokens.accessToken('toys.myshopify.com')));
  assert.deepEqual(new Set(got), new Set(['new']));
  assert.equal(leases, 1);
});
