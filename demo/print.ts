export const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** A line that is written over where there is a terminal; elsewhere every hundredth of them, and the last. */
export function printProgress(what: string, done: number, of: number): void {
  const line = `${what}: ${done} of ${of}`;
  if (process.stdout.isTTY) process.stdout.write(`\r${line}${done === of ? '\n' : ''}`);
  else if (done % 100 === 0 || done === of) print(line);
}
