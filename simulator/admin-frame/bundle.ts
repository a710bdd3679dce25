import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { loadSpec } from './spec.ts';

/** The source of the scripts that stand in for Shopify's. */
export interface StandIns {
  readonly appBridge: string;
  readonly polaris: string;
  /** The script of the simulated admin itself. */
  readonly admin: string;
}

async function bundle(name: string): Promise<string> {
  const entry = fileURLToPath(new URL(`browser/${name}.ts`, import.meta.url));
  const built = await build({
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    build: { write: false, target: 'es2022', lib: { entry, name: 'standIn', formats: ['iife'] } },
  });
  const outputs = [built].flat().flatMap((result) => ('output' in result ? result.output : []));
  const script = outputs.find((output) => output.type === 'chunk');
  if (script === undefined) throw new Error(`${name} was not built`);
  return script.code;
}

/** Builds the browser scripts; takes about a second. */
export async function bundleStandIns(): Promise<StandIns> {
  const [appBridge, polaris, admin, spec] = await Promise.all([
    bundle('app-bridge'),
    bundle('polaris'),
    bundle('admin'),
    loadSpec(),
  ]);
  return {
    appBridge,
    polaris: `globalThis.polarisSpec=JSON.parse(${JSON.stringify(JSON.stringify(spec))});\n${polaris}`,
    admin,
  };
}
