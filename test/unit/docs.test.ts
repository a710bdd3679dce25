import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const FOLDERS = 'src|web|simulator|demo|dev|bench|test|docs|infra|\\.ci|\\.github';
const DOCUMENTS = ['*.md', 'docs/**/*.md', '{simulator,bench}/*.md', 'shopify.app.toml', '.env.example'];

// What `npm run build` and the pictures leave behind is not in the repository.
const isGenerated = (path: string) => path.startsWith('web/dist');

/** Paths of the repository: those in backticks or beside a topic, and the targets of links. */
function pathsIn(document: string, text: string): string[] {
  const folder = document.includes('/') ? document.replace(/[^/]*$/, '') : '';
  const named = text.matchAll(new RegExp(`(?<=[\\s\`(])(?:${FOLDERS})/[\\w./-]*[\\w/]`, 'g'));
  const linked = text.matchAll(/\]\((?!https?:|#)([^)#]+)/g);
  return [...[...named].map(([path]) => path), ...[...linked].map(([, path = '']) => folder + path)];
}

for (const document of globSync(DOCUMENTS, { cwd: root, exclude: ['node_modules/**'] }))
  test(`every path that ${document} names exists`, () => {
    const paths = pathsIn(document, readFileSync(root + document, 'utf8'));
    assert.deepEqual(
      paths.filter((path) => !isGenerated(path) && !existsSync(root + path)),
      [],
    );
  });

test('every case of what Rollcall does when Shopify … names a test file', () => {
  const text = readFileSync(`${root}docs/what-rollcall-does-when-shopify.md`, 'utf8');
  const cases = text.split('\n').filter((line) => line.startsWith('| ') && !/^\| (-|when )/.test(line));
  assert.ok(cases.length > 0);
  for (const line of cases) {
    const file = /`(test\/[\w/-]+\.test\.ts)`/.exec(line)?.[1];
    assert.ok(file !== undefined && existsSync(root + file), line);
  }
});

test('every decision has its number, a date, a status and the three sections', () => {
  for (const file of globSync('docs/decisions/*.md', { cwd: root })) {
    const text = readFileSync(root + file, 'utf8');
    const number = /(\d{4})-[^/]+$/.exec(file)?.[1];
    assert.ok(text.startsWith(`# ${number} `), file);
    assert.match(text, /^Date: \d{4}-\d\d-\d\d$/m, file);
    assert.match(text, /^Status: (accepted|superseded by \d{4})$/m, file);
    assert.deepEqual(text.match(/^## .*/gm), ['## Context', '## Decision', '## Consequences'], file);
    assert.ok(text.split('\n').length <= 31, file);
  }
});
