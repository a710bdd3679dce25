import fc from 'fast-check';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseExact } from '../../src/shopify/json.ts';

const LIMIT = 2n ** 53n;
const integer = fc.oneof(
  fc.bigInt({ min: LIMIT - 100n, max: LIMIT + 100n }),
  fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }),
);

test('a number comes as JSON.parse tells it, and an integer beyond 2^53 as its digits, wherever it stands', () => {
  const around = fc.constantFrom<[string, string]>(
    ['', ''],
    ['[1, ', ']'],
    ['{"id":', '}'],
    ['{"a":[{"b" :\n', '}]}'],
  );
  fc.assert(
    fc.property(integer, around, (id, [before, after]) => {
      const found = JSON.stringify(parseExact(`${before}${id}${after}`));
      const isSafe = Number.isSafeInteger(Number(id));
      assert.equal(found, JSON.stringify(JSON.parse(`${before}${isSafe ? id : `"${id}"`}${after}`)));
    }),
  );
});

test('whatever else there is comes as JSON.parse tells it', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify(value, (_key, part: unknown) =>
        typeof part === 'number' && Number.isInteger(part) && !Number.isSafeInteger(part) ? 0 : part,
      );
      assert.deepEqual(parseExact(text), JSON.parse(text));
    }),
  );
});

test('an integer beyond 2^53 with an exponent or a fraction of zeros is told as it is written', () => {
  for (const text of ['1e30', '-1E+30', '1.5e300', '9007199254740993.0', '12345678901234567890'])
    assert.deepEqual(parseExact(`{"n":${text}}`), { n: text });
});
