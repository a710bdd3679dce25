import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toCsvLine } from '../../src/http/api/csv.ts';

test('a text that a spreadsheet would run as a formula gets an apostrophe in front', () => {
  for (const text of ['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '＝1'])
    assert.ok(toCsvLine([text]).replaceAll('"', '').startsWith(`'${text}`), JSON.stringify(text));
  assert.equal(toCsvLine(['\r=1']), `"'\r=1"\r\n`);
  assert.equal(toCsvLine(['a=1', '1-2']), 'a=1,1-2\r\n');
});

test('commas, quotes and line breaks stay inside their cell', () => {
  assert.equal(toCsvLine(['a,b', 'say "hi"', 'two\nlines']), '"a,b","say ""hi""","two\nlines"\r\n');
});

test('null is an empty cell; numbers and booleans are written as they are', () => {
  assert.equal(toCsvLine([null, undefined, -1, true, { a: 1 }]), ',,-1,true,\r\n');
});
