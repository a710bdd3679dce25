/** Runs in a worker, from its source text: it must not use anything outside. */
function makeFormats(): void {
  new Intl.NumberFormat().format(0);
  new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' }).format(0);
  close();
}

/**
 * Creates Intl formats in a worker. For the first one a browser lists all its locales, which is slow; the result is shared
 * by all threads. The page does not wait for it.
 */
export function warmUpFormats(): void {
  void new Worker(URL.createObjectURL(new Blob([`(${makeFormats.toString()})()`])));
}
