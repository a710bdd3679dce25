import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../src/errors.ts';
import { withTimeout } from '../../src/sync/roles/with-timeout.ts';

test('what is given up for its time is an Admin API that does not answer, however the wait was broken off', async () => {
  const waits = [
    (signal: AbortSignal) => sleep(60_000, undefined, { signal }),
    (signal: AbortSignal) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  ];
  // The signal's own timer does not keep the process alive.
  const alive = setInterval(() => undefined, 1000);
  for (const wait of waits)
    await assert.rejects(withTimeout(wait, 10), { name: 'AppError', code: 'admin_api_unavailable' });
  clearInterval(alive);
});

test('what the work itself finds stands, also after its time', async () => {
  const work = async () => {
    await sleep(20);
    throw new AppError('roles_refused', 'Shopify refuses');
  };
  await assert.rejects(withTimeout(work, 1), { code: 'roles_refused' });
  await assert.rejects(
    withTimeout(async () => Promise.reject(new TypeError('a bug'))),
    TypeError,
  );
  assert.equal(await withTimeout(async () => 'done'), 'done');
});
