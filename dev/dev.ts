import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { buildOptions } from '../web/build-options.ts';

/** Rebuilds the page when its source changes. Resolves after the first build, to a function that stops watching. */
async function watchPage(): Promise<() => Promise<void>> {
  const watcher = await build({
    ...buildOptions,
    mode: 'development',
    logLevel: 'info',
    build: { ...buildOptions.build, minify: false, sourcemap: 'inline', watch: {} },
  });
  if (!('on' in watcher)) throw new Error('Vite does not watch');
  await new Promise<void>((resolve) => {
    watcher.on('event', ({ code }) => {
      if (code === 'END' || code === 'ERROR') resolve();
    });
  });
  return () => watcher.close();
}

/** Restarts the server when its source or the built page changes: the server reads the page once, at its start. */
function watchServer() {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const watched = [`${root}src`, `${root}web/dist/.vite`].map((path) => `--watch-path=${path}`);
  return spawn(process.execPath, ['--watch-preserve-output', ...watched, `${root}src/main.ts`], {
    stdio: 'inherit',
    // In a process group of its own, so that Ctrl-C reaches it only once, from here.
    detached: true,
    env: {
      ...process.env,
      NODE_ENV: 'development',
      DYNAMODB_ENDPOINT: process.env['DYNAMODB_ENDPOINT'] || 'embedded',
    },
  });
}

const closePage = await watchPage();
const server = watchServer();
const exited = once(server, 'exit');

let stopping = false;
function stop(signal: NodeJS.Signals): void {
  // npm repeats a signal that the terminal has sent already.
  if (stopping) return;
  stopping = true;
  server.kill(signal);
}
process.on('SIGINT', stop);
process.on('SIGTERM', stop);

const [code]: unknown[] = await exited;
await closePage();
process.exitCode = code === 0 ? 0 : 1;
