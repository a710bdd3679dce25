import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { after } from 'node:test';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';

export interface RunningProcess {
  readonly child: ChildProcess;
  /** Everything that came on stdout and stderr so far. */
  readonly output: () => string;
  /** Resolves with the output as soon as it matches; rejects if the process ends before. */
  readonly until: (pattern: RegExp) => Promise<string>;
  /** Resolves with the exit code. */
  readonly exited: Promise<number | null>;
}

/** An empty directory of the test's own. */
export const aDirectory = (): string => mkdtempSync(join(tmpdir(), 'rollcall-'));

/** Starts one of the repository's TypeScript programs with these variables only, in a directory. */
export function startProcess(
  program: string,
  { args = [], env = {}, cwd }: { args?: readonly string[]; env?: Record<string, string>; cwd: string },
): RunningProcess {
  const file = new URL(`../../${program}`, import.meta.url).pathname;
  const child = spawn(process.execPath, [file, ...args], { cwd, env: { PATH: process.env['PATH'], ...env } });
  // A test that fails half-way must not leave it running: its pipes would keep the test's own process alive.
  after(() => child.kill('SIGKILL'));
  let output = '';
  const collect = (chunk: Buffer) => {
    output += chunk.toString();
    child.emit('output');
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const exited = once(child, 'close').then(([code]: unknown[]) => (typeof code === 'number' ? code : null));

  async function until(pattern: RegExp): Promise<string> {
    while (!pattern.test(output)) {
      const ended = await Promise.race([once(child, 'output').then(() => false), exited.then(() => true)]);
      if (ended && !pattern.test(output)) throw new Error(`The process ended without ${pattern}:\n${output}`);
    }
    return output;
  }
  return { child, output: () => output, until, exited };
}
