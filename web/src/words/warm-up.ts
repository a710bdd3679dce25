/** Runs in a worker, as text: nothing from outside of it is there. */
function makeFormats(): void {
  new Intl.NumberFormat().format(0);
  new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' }).format(0);
  close();
}

/**
 * Makes Intl's formats ready on another thread. For the first one a browser lists all locales that it knows, which takes
 * long, and what it has found is there for all its threads. A page that has not waited for it makes its own as ever.
 */
export function warmUpFormats(): void {
  void new Worker(URL.createObjectURL(new Blob([`(${makeFormats.toString()})()`])));
}
