import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { z } from 'zod';
import { AppError } from '../errors.ts';

export interface Embedded {
  /** On loopback. */
  readonly url: string;
  close(): Promise<void>;
}

const started = z.object({ url: z.string() });

/**
 * Starts dynalite as a child process on loopback, with its data in the directory (absent: in memory).
 * @throws AppError `data_directory_busy` if another process uses the directory, else `engine_failed`
 */
export async function startEmbedded(directory?: string): Promise<Embedded> {
  if (directory !== undefined) mkdirSync(directory, { recursive: true });
  const child = fork(
    new URL('embedded-child.ts', import.meta.url),
    directory === undefined ? [] : [directory],
    {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    },
  );
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const exited = once(child, 'exit');

  const url = await Promise.race([
    new Promise<string>((resolve) => {
      // Under `node --watch` Node sends messages of its own.
      child.on('message', (message: unknown) => {
        const { data } = started.safeParse(message);
        if (data !== undefined) resolve(data.url);
      });
    }),
    // 'close', not 'exit': stderr is complete only then.
    once(child, 'close').then(() => undefined),
  ]);
  if (url === undefined) {
    if (/LEVEL_(LOCKED|\w+_NOT_OPEN)/.test(said))
      throw new AppError(
        'data_directory_busy',
        `The data in ${directory} cannot be opened; most likely another Rollcall uses them: stop it, or start this one in another directory`,
      );
    throw new AppError('engine_failed', `The embedded DynamoDB engine did not start:\n${said}`);
  }
  return {
    url,
    async close() {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}
