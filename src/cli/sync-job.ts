import { InvalidArgumentError } from 'commander';
import { loadConfig, type Config } from '../config/config.ts';
import type { JobQueue, JobState } from '../ledger/jobs.ts';
import { createLog } from '../log.ts';
import { createRollcall, type Rollcall } from '../rollcall.ts';
import { print, printAside, printJson } from './print.ts';
import { showProgress } from './show-progress.ts';

export interface SyncJobOptions {
  readonly shop: string;
  readonly json?: true;
}

interface SyncJob<Result> {
  readonly name: string;
  readonly queue: JobQueue;
  readonly requested: object;
  /** What the job of before ended with, and then what this one did. */
  readonly result: (rollcall: Rollcall) => Promise<Result | undefined>;
  /** Which result is the newer one. */
  readonly idOf: (result: Result) => string;
  /** Whether the result is of what was asked for: a run that was left is ended first, whatever it was. */
  readonly isAnswer: (result: Result) => boolean;
  /** The result in words, and the exit code that it means. */
  readonly conclude: (result: Result) => { readonly text: string; readonly code: number };
}

function loadConfigOf(shop: string): Config {
  const config = loadConfig(process.env);
  if (config.onlyShop !== undefined && shop !== config.onlyShop)
    throw new InvalidArgumentError(`This deployment is for ${config.onlyShop} alone (SHOP)`);
  return config;
}

/** Why a job did not come to its end here. */
function toExcuse(state: JobState | undefined, isStopped: boolean): string {
  if (isStopped) return 'Stopped before the end';
  if (state?.isHeld === true) return 'Another process is at it already';
  const { reason } = state?.stalled ?? {};
  return reason === undefined ? 'It did not come to an end' : `It cannot go on for now: ${reason}`;
}

/**
 * Runs a job in this process to its end, shows how far it is, and resolves to the exit code: what `conclude` makes of
 * the result, or 1. Stopped, it leaves the rest to the next run.
 * @throws AppError as createRollcall and the ledger do
 */
export async function runSyncJob<Result>(
  { shop, json }: SyncJobOptions,
  { name, queue, requested, result, idOf, isAnswer, conclude }: SyncJob<Result>,
): Promise<number> {
  const config = loadConfigOf(shop);
  const say = json === true ? printAside : print;
  // Log lines on stdout would break the progress bar.
  const rollcall = await createRollcall(config, createLog(config.logLevel, process.stderr));
  const { scheduler, ledger } = rollcall;
  let isStopped = false;
  const stop = () => {
    isStopped = true;
    void scheduler.stop();
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  const readState = async () => (await ledger.jobs.list(shop)).get(name);

  /** Undefined: the job did not end here. */
  async function runOnce(isFirst: boolean): Promise<Result | undefined> {
    const before = await result(rollcall);
    if (!(await ledger.jobs.requestIfIdle(shop, name, queue, requested))) {
      if ((await readState())?.isHeld === true) return undefined;
      // A run that was left, and may wait for its time, ends first.
      if (isFirst) await ledger.jobs.request(shop, name, queue, requested);
    }
    const readProgress = async () => (await readState())?.progress;
    await showProgress(
      readProgress,
      scheduler.wake(shop, name),
      json === true ? process.stderr : process.stdout,
    );
    const now = await result(rollcall);
    return now !== undefined && (before === undefined || idOf(now) !== idOf(before)) ? now : undefined;
  }

  try {
    let ended = await runOnce(true);
    if (ended !== undefined && !isAnswer(ended)) ended = await runOnce(false);
    if (ended === undefined) {
      say(toExcuse(await readState(), isStopped));
      return 1;
    }
    const { text, code } = conclude(ended);
    if (json === true) printJson(ended);
    else print(text);
    return code;
  } finally {
    await rollcall.drain(1000);
    await rollcall.close();
  }
}
