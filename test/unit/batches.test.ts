import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { test } from 'node:test';
import { AppError } from '../../src/errors.ts';
import { freshProgress, type BackfillProgress } from '../../src/sync/full/progress.ts';
import type { HeldJob } from '../../src/sync/jobs/held-job.ts';
import { applyPieces, listPieces } from '../../src/sync/full/batches.ts';

const none = { unchanged: 0, already_newer: 0, tombstoned: 0, failed: 0, requests: 0, write_units: 0 };

async function* lines(count: number): AsyncGenerator<string> {
  for (let n = 1; n <= count; n += 1) yield JSON.stringify({ id: `gid://shopify/Customer/${n}` });
}

/** A job that nobody else can take. */
function aJob(): HeldJob<BackfillProgress> {
  let progress = freshProgress('backfill', new Map(), new Date(0));
  const note = (changes: Partial<BackfillProgress>) => void (progress = { ...progress, ...changes });
  const save = async (changes: Partial<BackfillProgress>) => note(changes);
  const { signal } = new AbortController();
  return { progress: () => progress, signal, note, save, end: async () => undefined };
}

test('of pieces under way those after one that failed do not count, and are over when that is told', async () => {
  const job = aJob();
  let writing = 0;

  /** Of a hundred customers each the second piece fails first and the third is the slowest. */
  async function importCustomers(_shop: string, nodes: ReadonlyMap<string, unknown>) {
    writing += 1;
    if (!nodes.has('101')) for (let n = 0; n < (nodes.has('201') ? 100 : 50); n += 1) await turn();
    writing -= 1;
    if (nodes.has('101')) throw new AppError('reauthorization_needed', 'Nobody may write');
    return { ...none, written: nodes.size };
  }

  const applied = applyPieces(
    { importCustomers, job, shop: 'toys.myshopify.com' },
    listPieces(lines(400), job.progress()),
  );
  await assert.rejects(applied, { code: 'reauthorization_needed' });
  assert.equal(writing, 0);
  const { done, written } = job.progress();
  assert.deepEqual([done, written], [100, 100]);

  // The next one goes on after what counts.
  const again = async (_shop: string, nodes: ReadonlyMap<string, unknown>) => ({
    ...none,
    written: nodes.size,
  });
  await applyPieces(
    { importCustomers: again, job, shop: 'toys.myshopify.com' },
    listPieces(lines(400), job.progress()),
  );
  assert.deepEqual([job.progress().done, job.progress().written], [400, 400]);
});

test('what came before a download broke off counts', async () => {
  const job = aJob();
  async function* broken(): AsyncGenerator<string> {
    yield* lines(250);
    throw new AppError('admin_api_unavailable', 'The result ended early');
  }
  const importCustomers = async (_shop: string, nodes: ReadonlyMap<string, unknown>) => {
    await turn();
    return { ...none, written: nodes.size };
  };
  const applied = applyPieces(
    { importCustomers, job, shop: 'toys.myshopify.com' },
    listPieces(broken(), job.progress()),
  );
  await assert.rejects(applied, { code: 'admin_api_unavailable' });
  assert.deepEqual([job.progress().done, job.progress().written], [200, 200]);
});
