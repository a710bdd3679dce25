import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { test } from 'node:test';
import { AppError } from '../../src/errors.ts';
import { createIdStore } from '../../src/sync/full/id-store.ts';
import { nothingRead, type FullSyncProgress } from '../../src/sync/full/progress.ts';
import type { HeldJob } from '../../src/sync/jobs/held-job.ts';
import { handleBatches, noOutcomes, type Handled } from '../../src/sync/full/batches.ts';
import { readLines } from '../../src/sync/full/bulk-reader.ts';

const wrote = (count: number): Handled => ({
  outcomes: { ...noOutcomes(), written: count },
  rows: [],
  gone: [],
  requests: 0,
  write_units: 0,
});
const shop = 'toys.myshopify.com';
const keepRows = async () => undefined;

async function* lines(count: number): AsyncGenerator<string> {
  for (let n = 1; n <= count; n += 1) yield JSON.stringify({ id: `gid://shopify/Customer/${n}` });
}

/** A job that nobody else can take. */
function aJob(): HeldJob<FullSyncProgress> {
  let progress: FullSyncProgress = {
    kind: 'full',
    mode: 'apply',
    state: 'applying',
    started_at: new Date(0).toISOString(),
    reader: 'bulk',
    listings: 1,
    operations: 1,
    reached_at: '',
    ...nothingRead,
    removed: 0,
    extra_here: 0,
    requests: 0,
    write_units: 0,
    is_first: true,
    plans: {},
  };
  const note = (changes: Partial<FullSyncProgress>) => void (progress = { ...progress, ...changes });
  const save = async (changes: Partial<FullSyncProgress>) => note(changes);
  const { signal } = new AbortController();
  return { progress: () => progress, signal, note, save };
}

test('of batches under way those after one that failed do not count, and are over when that is told', async () => {
  const job = aJob();
  const ids = createIdStore();
  let writing = 0;

  /** Of a hundred customers each the second batch fails first and the third is the slowest. */
  async function handle(_shop: string, nodes: ReadonlyMap<string, unknown>) {
    writing += 1;
    if (!nodes.has('101')) for (let n = 0; n < (nodes.has('201') ? 100 : 50); n += 1) await turn();
    writing -= 1;
    if (nodes.has('101')) throw new AppError('reauthorization_needed', 'Nobody may write');
    return wrote(nodes.size);
  }

  const applied = handleBatches({ handle, keepRows, job, shop }, readLines(lines(400), job.progress(), ids));
  await assert.rejects(applied, { code: 'reauthorization_needed' });
  assert.equal(writing, 0);
  const { done, written } = job.progress();
  assert.deepEqual([done, written], [100, 100]);

  // The next one goes on after what counts.
  const again = async (_shop: string, nodes: ReadonlyMap<string, unknown>) => wrote(nodes.size);
  await handleBatches({ handle: again, keepRows, job, shop }, readLines(lines(400), job.progress(), ids));
  assert.deepEqual([job.progress().done, job.progress().written], [400, 400]);
});

test('what came before a download broke off counts', async () => {
  const job = aJob();
  const ids = createIdStore();
  async function* broken(): AsyncGenerator<string> {
    yield* lines(250);
    throw new AppError('admin_api_unavailable', 'The result ended early');
  }
  const handle = async (_shop: string, nodes: ReadonlyMap<string, unknown>) => {
    await turn();
    return wrote(nodes.size);
  };
  const applied = handleBatches({ handle, keepRows, job, shop }, readLines(broken(), job.progress(), ids));
  await assert.rejects(applied, { code: 'admin_api_unavailable' });
  assert.deepEqual([job.progress().done, job.progress().written], [200, 200]);
});

test('a result that is read again counts nobody twice, and is not gone on with if it has changed', async () => {
  const job = aJob();
  const handle = async (_shop: string, nodes: ReadonlyMap<string, unknown>) => wrote(nodes.size);
  await handleBatches(
    { handle, keepRows, job, shop },
    readLines(lines(250), job.progress(), createIdStore()),
  );
  // Another process, which knows nobody yet.
  const ids = createIdStore();
  await handleBatches({ handle, keepRows, job, shop }, readLines(lines(300), job.progress(), ids));
  assert.deepEqual([job.progress().listed, job.progress().duplicate], [300, 0]);
  ids.addUnlisted(['1', '250', '300', '301']);
  assert.deepEqual(ids.nextCandidates(undefined, 9), ['301']);
  async function* reversed() {
    for (let n = 300; n > 0; n -= 1) yield JSON.stringify({ id: `gid://shopify/Customer/${n}` });
  }
  const changed = handleBatches({ handle, keepRows, job, shop }, readLines(reversed(), job.progress(), ids));
  await assert.rejects(changed, { code: 'bulk_result_changed' });
});
