import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import { z } from 'zod';
import { AppError } from '../../errors.ts';

/** A file in the encodings that browsers accept. */
export interface Encoded {
  readonly type: string;
  readonly identity: Buffer;
  readonly br: Buffer;
  readonly gzip: Buffer;
}

/** Vite's output: all files by path, and the ones that the document references. */
export interface PageBuild {
  readonly assets: ReadonlyMap<string, Encoded>;
  /** The path of boot-guard.ts, which reports that Shopify's scripts did not load. */
  readonly guard: string;
  /** The path of the page's own module. */
  readonly main: string;
  readonly styles: readonly string[];
}

const manifest = z.record(
  z.string(),
  z.object({
    file: z.string(),
    isEntry: z.boolean().default(false),
    css: z.array(z.string()).default([]),
  }),
);

const TYPES = new Map([
  ['js', 'text/javascript; charset=utf-8'],
  ['css', 'text/css; charset=utf-8'],
]);

/** Compresses a file once, at start, so that no request waits for it. */
export async function encode(text: string | Buffer, type: string): Promise<Encoded> {
  const identity = Buffer.from(text);
  const [br, gz] = await Promise.all([promisify(brotliCompress)(identity), promisify(gzip)(identity)]);
  return { type, identity, br, gzip: gz };
}

/**
 * Reads the output of `npm run build` from a folder.
 * @throws AppError `page_missing`
 */
export async function loadPageBuild(folder: string): Promise<PageBuild> {
  try {
    const text = await readFile(join(folder, '.vite/manifest.json'), 'utf8');
    const chunks = manifest.parse(JSON.parse(text));
    const files = Object.values(chunks).flatMap(({ file, css }) => [file, ...css]);
    const [guard, main] = [chunks['src/boot-guard.ts'], chunks['src/main.tsx']];
    if (guard === undefined || main === undefined) throw new TypeError('An entry is missing in the manifest');
    const assets = [...new Set(files)].map(async (file) => {
      const type = TYPES.get(file.split('.').at(-1) ?? '') ?? 'application/octet-stream';
      return [`/${file}`, await encode(await readFile(join(folder, file)), type)] as const;
    });
    return {
      assets: new Map(await Promise.all(assets)),
      guard: `/${guard.file}`,
      main: `/${main.file}`,
      styles: [...new Set([guard, main].flatMap(({ css }) => css))].map((file) => `/${file}`),
    };
  } catch (cause) {
    throw new AppError('page_missing', 'The page is not built: run `npm run build`', { cause });
  }
}
