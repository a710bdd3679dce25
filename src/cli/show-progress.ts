import { progress as createBar } from '@clack/prompts';
import type { WriteStream } from 'node:tty';
import type { BackfillProgress } from '../sync/full/progress.ts';

type Progress = Pick<BackfillProgress, 'state' | 'done' | 'total'>;

const EVERY_MS = 1000;
/** Fewer lines where a line cannot be overwritten. */
const EVERY_PIPED_MS = 10_000;
const BAR_STEPS = 1000;

/** @param total undefined while Shopify still collects the customers */
function leftOf(total: number | undefined, done: number, perSecond: number): string {
  if (total === undefined || perSecond === 0) return '';
  return `, ${Math.ceil((total - done) / perSecond)} s left`;
}

function toText({ state, done, total }: Progress, perSecond: number): string {
  if (state === 'starting' || state === 'reading') return 'Shopify collects the customers';
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
    show(text: string, { done, total = 0 }: Progress) {
      const step = total === 0 ? 0 : Math.floor((done / total) * BAR_STEPS);
      bar.advance(step - shown, text);
      shown = step;
    },
    end: (text: string) => bar.stop(text),
  };
}

/** Shows a job's progress until it is finished; resolves to its result. */
export async function showProgress<Result>(
  { progress, finished }: { readonly progress: () => Progress; readonly finished: Promise<Result> },
  out: WriteStream,
): Promise<Result> {
  const { done: doneBefore } = progress();
  const began = performance.now();
  const text = () => {
    const perSecond = ((progress().done - doneBefore) / (performance.now() - began)) * 1000;
    return toText(progress(), Math.max(0, perSecond));
  };
  const display = createDisplay(out);
  const timer = setInterval(() => display.show(text(), progress()), display.every);
  try {
    return await finished;
  } finally {
    clearInterval(timer);
    display.end(text());
  }
}
