import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const HINT =
  'The browser tests need Chromium: `apt-get install chromium`, or name another one in CHROMIUM_PATH';

// The browser itself must not use the network.
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const find = () =>
  [process.env['CHROMIUM_PATH'] ?? '', ...PATHS].find((path) => path !== '' && existsSync(path));

/** Debian's Chromium, installed if missing, where this is Debian and the user is root. */
function findOrInstall(): string {
  const found = find();
  if (found !== undefined) return found;
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) throw new Error(HINT);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  // Test files run concurrently: the lock makes others wait for the installation.
  const wait = ['-o', 'DPkg::Lock::Timeout=300'];
  spawnSync('apt-get', [...wait, 'update'], { env });
  spawnSync('apt-get', [...wait, 'install', '-y', '--no-install-recommends', 'chromium'], { env });
  const installed = find();
  if (installed === undefined) throw new Error(HINT);
  return installed;
}

export async function startChromium(flags: readonly string[]): Promise<Browser> {
  return chromium.launch({ executablePath: findOrInstall(), args: [...FLAGS, ...flags] });
}
