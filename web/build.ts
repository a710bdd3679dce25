import { createHash } from 'node:crypto';
import { globSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { buildOptions } from './build-options.ts';

const root = fileURLToPath(new URL('.', import.meta.url));
const stampFile = `${root}dist/.stamp`;

/** A digest of the build's inputs. */
async function toStamp(): Promise<string> {
  const hash = createHash('sha256');
  const files = [
    ...globSync(`${root}src/**/*.{ts,tsx,css}`),
    `${root}build.ts`,
    `${root}build-options.ts`,
    `${root}../package-lock.json`,
  ];
  for (const file of files.toSorted()) hash.update(file.slice(root.length)).update(await readFile(file));
  return hash.digest('hex');
}

// `npm start`, `npm test` and `npm run demo` run this first: it builds only if an input has changed. A production image
// needs no Vite if `web/dist` was built before.
const stamp = await toStamp();
if ((await readFile(stampFile, 'utf8').catch(() => '')) !== stamp) {
  const { build } = await import('vite');
  await build(buildOptions);
  await writeFile(stampFile, stamp);
}
