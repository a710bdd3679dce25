import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { buildClientSchema, buildSchema, print, printSchema, parse, type IntrospectionQuery } from 'graphql';
import { format, resolveConfig } from 'prettier';
import { prune } from './prune.ts';

// Downloads Shopify's introspection and writes the part that the app uses. Run it yourself: node simulator/schema/update.ts

const PACKAGE = '@shopify/dev-mcp@1.16.0';
const VERSIONS = ['2026-10', '2026-07'] as const;

const folder = mkdtempSync(join(tmpdir(), 'shopify-schema-'));
// The package is unpacked, not installed: its many dependencies are not needed.
execFileSync('npm', ['pack', PACKAGE, '--silent'], { cwd: folder });
execFileSync('tar', ['xzf', 'shopify-dev-mcp-1.16.0.tgz'], { cwd: folder });

for (const version of VERSIONS) {
  const file = join(folder, 'package', 'dist', 'data', `admin_${version}.json.gz`);
  // buildClientSchema validates it.
  const { data }: { data: IntrospectionQuery } = JSON.parse(gunzipSync(readFileSync(file)).toString());
  const text = print(prune(parse(printSchema(buildClientSchema(data)))));
  buildSchema(text);
  const header = `# Shopify's Admin API ${version}, from ${PACKAGE}, pruned by update.ts: what remains is as Shopify has it.\n\n`;
  const target = join(import.meta.dirname, `admin-${version}.graphql`);
  const style = await resolveConfig(target);
  writeFileSync(target, await format(header + text, { ...style, parser: 'graphql' }));
}
rmSync(folder, { recursive: true });
