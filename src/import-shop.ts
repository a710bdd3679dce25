import type { WriteStream } from 'node:tty';
import type { Config } from './config.ts';
import { createLog } from './log.ts';
import type { BackfillProgress } from './sync/backfill-progress.ts';
import { wire } from './wire.ts';

const EVERY_MS = 1000;
/** Where lines cannot be written over, there are fewer. */
const EVERY_PIPED_MS = 10_000;

/** Undefined as long as nobody knows how many there are. */
function leftOf(total: number | undefined, done: number, perSecond: number): string {
  if (total === undefined || perSecond === 0) return '';
  return `, ${Math.ceil((total - done) / perSecond)} s left`;
}

function progressText({ state, done, total }: BackfillProgress, perSecond: number): string {
  if (state === 'starting' || state === 'reading') return 'Shopify collects the customers';
  return `${done} of ${total ?? '?'} customers, ${Math.round(perSecond)}/s${leftOf(total, done, perSecond)}`;
}

/**
 * Imports every customer of a shop in this process and says how far it is. Resolves to the exit code: 0 if the
 * import is complete.
 * @throws AppError as wire and Backfill do; what is done stays, so it may be called again
 */
export async function importShop(config: Config, shop: string, out: WriteStream): Promise<number> {
  const isTerminal = out.isTTY;
  // Log lines would tear the progress apart.
  const rollcall = await wire(config, createLog(config.logLevel, process.stderr));
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  process.once('SIGTERM', () => stop.abort());
  try {
    const run = await rollcall.backfill.begin(shop, stop.signal);
    if (run === undefined) {
      out.write(`Another process imports the customers of ${shop}\n`);
      return 1;
    }
    const { done: doneBefore } = run.progress();
    const began = performance.now();
    const show = () => {
      const progress = run.progress();
      const perSecond = ((progress.done - doneBefore) / (performance.now() - began)) * 1000;
      const text = progressText(progress, Math.max(0, perSecond));
      out.write(isTerminal ? `\r\x1B[K${text}` : `${text}\n`);
    };
    const timer = setInterval(show, isTerminal ? EVERY_MS : EVERY_PIPED_MS);
    const certificate = await run.finished.finally(() => clearInterval(timer));
    show();
    if (isTerminal) out.write('\n');
    if (certificate === undefined) {
      out.write('Stopped. The next run goes on from here.\n');
      return 1;
    }
    const { complete, problem, finished_at: _, ...figures } = certificate;
    out.write(`${JSON.stringify(figures)}\n`);
    out.write(complete ? 'Complete\n' : `Not complete: ${problem}\n`);
    return complete ? 0 : 1;
  } finally {
    await rollcall.drain(1000);
    await rollcall.close();
  }
}
