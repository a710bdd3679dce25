import { fileURLToPath } from 'node:url';
import type { InlineConfig } from 'vite';

const root = fileURLToPath(new URL('.', import.meta.url));

export const buildOptions = {
  root,
  logLevel: 'warn',
  configFile: false,
  publicDir: false,
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    manifest: true,
    target: 'es2022',
    modulePreload: false,
    rolldownOptions: { input: ['src/boot-guard.ts', 'src/main.tsx'].map((name) => root + name) },
  },
} satisfies InlineConfig;
