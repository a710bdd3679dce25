import { spawn, spawnSync, type ChildProcess, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { after } from 'node:test';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';

export interface RunningProcess {
  readonly child: ChildProcess;
  /** The output so far, stdout and stderr. */
  readonly output: () => string;
  /** The output on stdout so far. */
  readonly stdout: () => string;
  /** Resolves with the output once it matches; rejects if the process ends first. */
  readonly until: (pattern: RegExp) => Promise<string>;
  /** Resolves with the exit code. */
  readonly exited: Promise<number | null>;
}

/** An empty directory of the test's own. */
export const aDirectory = (): string => mkdtempSync(join(tmpdir(), 'rollcall-'));

interface ProcessOptions {
  readonly args?: readonly string[];
  readonly env?: Record<string, string>;
  readonly cwd: string;
}

/** Starts one of the repository's programs with these variables only, in a directory. */
export function startProcess(program: string, { args = [], ...options }: ProcessOptions): RunningProcess {
  const file = new URL(`../../${program}`, import.meta.url).pathname;
  const child = spawn(process.execPath, [file, ...args], toSpawnOptions(options));
  // A failing test must not leave it running: its pipes would keep the test process alive.
  after(() => child.kill('SIGKILL'));
  return follow(child);
}

/** Starts a command with these variables only, in a directory, and in a process group of its own. */
export function startCommand(command: string, { args = [], ...options }: ProcessOptions): RunningProcess {
  const child = spawn(command, args, { ...toSpawnOptions(options), detached: true });
  after(() => {
    // Its process group: also what the command left behind.
    if (child.pid !== undefined) spawnSync('kill', ['-KILL', '--', `-${child.pid}`]);
  });
  return follow(child);
}

const toSpawnOptions = ({ env = {}, cwd }: ProcessOptions) => ({
  cwd,
  env: { PATH: process.env['PATH'], ...env },
});

function follow(child: ChildProcessWithoutNullStreams): RunningProcess {
  let output = '';
  let stdout = '';
  const collect = (chunk: Buffer) => {
    output += chunk.toString();
    child.emit('output');
  };
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
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
  return { child, output: () => output, stdout: () => stdout, until, exited };
}
