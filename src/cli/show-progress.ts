import { progress as createBar } from '@clack/prompts';
import { setTimeout as delay } from 'node:timers/promises';
import type { WriteStream } from 'node:tty';
import { z } from 'zod';

const progressSchema = z
  .object({
    state: z.string().default(''),
    done: z.number(),
    total: z.number().nullish(),
  })
  .catch({ state: 'starting', done: 0, total: undefined });
type Progress = z.infer<typeof progressSchema>;

const EVERY_MS = 1000;
/** Fewer lines where a line cannot be overwritten. */
const EVERY_PIPED_MS = 10_000;
const BAR_STEPS = 1000;

/** Undefined as long as nobody knows how many there are. */
function leftOf(total: number | null | undefined, done: number, perSecond: number): string {
  if (typeof total !== 'number' || perSecond === 0) return '';
  return `, ${Math.ceil((total - done) / perSecond)} s left`;
}

function toText({ state, done, total }: Progress, perSecond: number): string {
  if (state === 'starting' || state === 'reading') return 'Shopify collects the customers';
  if (state === 'deletions') return 'Looking for people whom Shopify has no more';
  return `${done} of ${total ?? '?'} customers, ${Math.round(perSecond)}/s${leftOf(total, done, perSecond)}`;
}

/** A bar on a terminal; a line at a time elsewhere. */
function createDisplay(out: WriteStream) {
  if (!out.isTTY)
    return {
      every: EVERY_PIPED_MS,
      show: (text: string) => void out.write(`${text}\n`),
      end: (text: string) => void out.write(`${text}\n`),
    };

  const bar = createBar({ max: BAR_STEPS, output: out, cancelMessage: 'Stopping' });
  let shown = 0;
  bar.start('Starting');
  // The bar puts stdin into raw mode and would end the process at Ctrl-C, before the job saves its progress.
  process.stdin.pause();
  if (process.stdin.isTTY) process.stdin.setRawMode(false);
  return {
    every: EVERY_MS,
    show(text: string, { done, total }: Progress) {
      const step = typeof total !== 'number' || total === 0 ? 0 : Math.floor((done / total) * BAR_STEPS);
      bar.advance(step - shown, text);
      shown = step;
    },
    end: (text: string) => bar.stop(text),
  };
}

/**
 * Says how far a job is, every now and then, until it is finished.
 * @param read the job's progress as it was saved last
 */
export async function showProgress(
  read: () => Promise<unknown>,
  finished: Promise<void>,
  out: WriteStream,
): Promise<void> {
  const display = createDisplay(out);
  const ended = new AbortController();
  const began = performance.now();
  let before: number | undefined;
  let last: Progress = { state: 'starting', done: 0, total: undefined };
  const text = () => {
    const perSecond = ((last.done - (before ?? 0)) / (performance.now() - began)) * 1000;
    return toText(last, Math.max(0, perSecond));
  };

  async function show(): Promise<void> {
    while (!ended.signal.aborted) {
      await delay(display.every, undefined, { signal: ended.signal }).catch(() => undefined);
      const progress = progressSchema.parse(await read());
      // After its end there is none.
      if (progress.state === 'starting' && last.state !== 'starting') return;
      last = progress;
      before ??= last.done;
      if (!ended.signal.aborted) display.show(text(), last);
    }
  }

  const showing = show();
  try {
    await finished;
  } finally {
    ended.abort();
    await showing;
    display.end('Ended');
  }
}
