import type { WriteStream } from 'node:tty';
import type { Config } from '../config/config.ts';
import type { Certificate } from '../ledger/certificates.ts';
import { KINDS, type DriftReport } from '../ledger/drift.ts';
import { createLog } from '../log.ts';
import type { BackfillProgress } from '../sync/full/progress.ts';
import { createRollcall, type Rollcall } from '../rollcall.ts';

const EVERY_MS = 1000;
/** Where lines cannot be written over, there are fewer. */
const EVERY_PIPED_MS = 10_000;

/** A job that runs in this process, and what it ends with; undefined: it was stopped. */
interface Run<Result> {
  readonly progress: () => BackfillProgress;
  readonly finished: Promise<Result | undefined>;
}

/** Undefined as long as nobody knows how many there are. */
function leftOf(total: number | undefined, done: number, perSecond: number): string {
  if (total === undefined || perSecond === 0) return '';
  return `, ${Math.ceil((total - done) / perSecond)} s left`;
}

function progressText({ state, done, total }: BackfillProgress, perSecond: number): string {
  if (state === 'starting' || state === 'reading') return 'Shopify collects the customers';
  return `${done} of ${total ?? '?'} customers, ${Math.round(perSecond)}/s${leftOf(total, done, perSecond)}`;
}

async function follow<Result>(run: Run<Result>, out: WriteStream): Promise<Result | undefined> {
  const isTerminal = out.isTTY;
  const { done: doneBefore } = run.progress();
  const began = performance.now();
  const show = () => {
    const progress = run.progress();
    const perSecond = ((progress.done - doneBefore) / (performance.now() - began)) * 1000;
    const text = progressText(progress, Math.max(0, perSecond));
    out.write(isTerminal ? `\r\x1B[K${text}` : `${text}\n`);
  };
  const timer = setInterval(show, isTerminal ? EVERY_MS : EVERY_PIPED_MS);
  const result = await run.finished.finally(() => clearInterval(timer));
  show();
  if (isTerminal) out.write('\n');
  return result;
}

/** Runs a job in this process to its end; resolves to what `conclude` makes of it, or to 1. */
async function runHere<Result>(
  config: Config,
  out: WriteStream,
  begin: (rollcall: Rollcall, stop: AbortSignal) => Promise<Run<Result> | undefined>,
  conclude: (result: Result) => number,
): Promise<number> {
  // Log lines would tear the progress apart.
  const rollcall = await createRollcall(config, createLog(config.logLevel, process.stderr));
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  process.once('SIGTERM', () => stop.abort());
  try {
    const run = await begin(rollcall, stop.signal);
    if (run === undefined) {
      out.write('Another process is at it already\n');
      return 1;
    }
    const result = await follow(run, out);
    if (result !== undefined) return conclude(result);
    out.write('Stopped before the end\n');
    return 1;
  } finally {
    await rollcall.drain(1000);
    await rollcall.close();
  }
}

/**
 * Imports every customer of a shop in this process and says how far it is. Resolves to the exit code: 0 if the
 * import is complete. Stopped, the next one goes on from there.
 * @throws AppError as wire and Backfill do; what is done stays, so it may be called again
 */
export async function importShop(config: Config, shop: string, out: WriteStream): Promise<number> {
  function conclude({ complete, problem, ...figures }: Certificate): number {
    out.write(`${JSON.stringify(figures)}\n`);
    out.write(complete ? 'Complete\n' : `Not complete: ${problem}\n`);
    return complete ? 0 : 1;
  }
  return runHere(config, out, ({ backfill }, stop) => backfill.begin(shop, stop), conclude);
}

/**
 * Compares every customer of a shop with every user in this process, and repairs what differs if asked to. Resolves to
 * the exit code: 0 if everybody was compared and is right now.
 * @throws AppError as wire and Compare do
 */
export async function compareShop(
  config: Config,
  shop: string,
  options: { readonly repair: boolean },
  out: WriteStream,
): Promise<number> {
  function conclude({ complete, problem, ...figures }: DriftReport): number {
    out.write(`${JSON.stringify(figures)}\n`);
    const open = KINDS.reduce((sum, kind) => sum + figures[kind], 0) - figures.repaired + figures.unreadable;
    if (!complete) out.write(`Not complete: ${problem}\n`);
    else if (open > 0) out.write(`${open} users are not what Shopify says\n`);
    else out.write('Every user is what Shopify says\n');
    return complete && open === 0 ? 0 : 1;
  }
  return runHere(config, out, ({ compare }, stop) => compare.begin(shop, options, stop), conclude);
}
