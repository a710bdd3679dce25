#!/usr/bin/env node
// Plain JavaScript, so that an old Node can run it and report that it is too old.
import { existsSync, readFileSync } from 'node:fs';

const { engines } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
const [major, minor] = engines.node.match(/\d+/g).map(Number);
const [ownMajor, ownMinor] = process.versions.node.split('.').map(Number);

if (ownMajor < major || (ownMajor === major && ownMinor < minor)) {
  process.stderr.write(
    `rollcall needs Node ${major}.${minor} or newer; this is Node ${process.versions.node}.\n`,
  );
  process.exitCode = 1;
} else {
  // Does not override variables of the environment.
  if (existsSync('.env')) process.loadEnvFile('.env');
  void import('./rollcall-cli.ts');
}
