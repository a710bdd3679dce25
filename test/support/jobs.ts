import type { JobQueue } from '../../src/ledger/jobs.ts';
import { SHOP, type TestRollcall } from './rollcall.ts';

/** Requests a job of the shop and runs it to its end, and then whatever it has made due. */
export async function runJob(
  running: TestRollcall,
  name: string,
  { queue = 'short', requested, shop = SHOP }: { queue?: JobQueue; requested?: object; shop?: string } = {},
): Promise<void> {
  const { ledger, scheduler } = running.rollcall;
  await ledger.jobs.request(shop, name, queue, requested);
  await scheduler.wake(shop, name);
  await runDueJobs(running, shop);
}

/** Runs the jobs of the shop that are due, and those that become due by that, until none is. */
export async function runDueJobs({ rollcall }: TestRollcall, shop = SHOP): Promise<void> {
  for (;;) {
    await rollcall.scheduler.runDue();
    const jobs = await rollcall.ledger.jobs.list(shop);
    const now = rollcall.context.now().toISOString();
    if (![...jobs.values()].some(({ isHeld, dueAt }) => isHeld || (dueAt ?? '9') <= now)) return;
  }
}
