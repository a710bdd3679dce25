import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { measureCatalogue, toMarkdown } from '../../bench/catalogue.ts';
import { countsUnits, startEngine } from '../support/engine.ts';

/** The cells of all tables, without the spaces by which they are lined up. */
const cellsOf = (markdown: string) =>
  markdown
    .split('\n')
    .filter((line) => line.startsWith('|') && !line.includes('---'))
    .map((line) => line.split('|').map((cell) => cell.trim()));

test(
  'the catalogue of access patterns in docs/data-model.md is what is measured, and no pattern has become dearer',
  { skip: !countsUnits && 'dynalite does not count units as DynamoDB does' },
  async () => {
    const engine = await startEngine();
    const catalogue = await measureCatalogue(engine.client);
    await engine.close();
    for (const { what, units, atMost } of [...catalogue.reads, ...catalogue.writes])
      assert.ok(units > 0 && units <= atMost, `${what}: ${units} units, at most ${atMost}`);
    const page = readFileSync(new URL('../../docs/data-model.md', import.meta.url), 'utf8');
    const [, stands = ''] = page.split('<!-- catalogue -->');
    const message = 'run `DYNAMODB_ENDPOINT=… npm run catalogue` on dynoxide';
    assert.deepEqual(
      cellsOf(stands.split('<!-- /catalogue -->')[0] ?? ''),
      cellsOf(toMarkdown(catalogue)),
      message,
    );
  },
);
