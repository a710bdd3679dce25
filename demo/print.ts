export const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** Overwrites one line on a terminal; elsewhere prints every hundredth line and the last. */
export function printProgress(what: string, done: number, of: number): void {
  const line = `${what}: ${done} of ${of}`;
  if (process.stdout.isTTY) process.stdout.write(`\r${line}${done === of ? '\n' : ''}`);
  else if (done % 100 === 0 || done === of) print(line);
}
