import { readFileSync, writeFileSync } from 'node:fs';
import { countsUnits, startEngine } from '../test/support/engine.ts';
import { measureCatalogue, toMarkdown } from './catalogue.ts';

// Measures on the engine at DYNAMODB_ENDPOINT and writes the tables into docs/data-model.md.
if (!countsUnits)
  throw new Error('Set DYNAMODB_ENDPOINT to an engine that counts units as DynamoDB does: dynoxide');
const file = new URL('../docs/data-model.md', import.meta.url);
const engine = await startEngine();
const tables = toMarkdown(await measureCatalogue(engine.client));
await engine.close();
const [before, rest = ''] = readFileSync(file, 'utf8').split('<!-- catalogue -->\n');
const [, after] = rest.split('<!-- /catalogue -->');
writeFileSync(file, `${before}<!-- catalogue -->\n\n${tables}\n\n<!-- /catalogue -->${after}`);
process.stdout.write(`${tables}\n`);
