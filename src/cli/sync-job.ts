import { InvalidArgumentError } from 'commander';
import { loadConfig, type Config } from '../config/config.ts';
import { createLog } from '../log.ts';
import { createRollcall, type Rollcall } from '../rollcall.ts';
import type { BackfillProgress } from '../sync/full/progress.ts';
import { print, printAside, printJson } from './print.ts';
import { showProgress } from './show-progress.ts';

export interface SyncJobOptions {
  readonly shop: string;
  readonly json?: true;
}

/** A job in this process, and its result; undefined: it was stopped. */
interface Run<Result> {
  readonly progress: () => BackfillProgress;
  readonly finished: Promise<Result | undefined>;
}

interface SyncJob<Result> {
  /** Undefined: another process holds the job. */
  readonly begin: (rollcall: Rollcall, stop: AbortSignal) => Promise<Run<Result> | undefined>;
  /** The result as text, and its exit code. */
  readonly conclude: (result: Result) => { readonly text: string; readonly code: number };
}

function loadConfigOf(shop: string): Config {
  const config = loadConfig(process.env);
  if (config.onlyShop !== undefined && shop !== config.onlyShop)
    throw new InvalidArgumentError(`This deployment is for ${config.onlyShop} alone (SHOP)`);
  return config;
}

/**
 * Runs a job to its end with progress, and resolves to the exit code: from `conclude`, or 1 if it did not run to its end. A
 * stopped job is resumed by the next run.
 * @throws AppError as createRollcall and `begin` do
 */
export async function runSyncJob<Result>(
  { shop, json }: SyncJobOptions,
  { begin, conclude }: SyncJob<Result>,
): Promise<number> {
  const config = loadConfigOf(shop);
  const say = json === true ? printAside : print;
  // Log lines on stdout would break the progress bar.
  const rollcall = await createRollcall(config, createLog(config.logLevel, process.stderr));
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  process.once('SIGTERM', () => stop.abort());
  try {
    const run = await begin(rollcall, stop.signal);
    if (run === undefined) {
      say('Another process is at it already');
      return 1;
    }
    const result = await showProgress(run, json === true ? process.stderr : process.stdout);
    if (result === undefined) {
      say('Stopped before the end');
      return 1;
    }
    const { text, code } = conclude(result);
    if (json === true) printJson(result);
    else print(text);
    return code;
  } finally {
    await rollcall.drain(1000);
    await rollcall.close();
  }
}
