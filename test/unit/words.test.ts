import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { describe, test } from 'node:test';
import { ERROR_STATUS } from '../../src/http/api/error-answers.ts';
import type { PageErrorCode } from '../../src/http/api/types.ts';
import * as queries from '../../src/shopify/admin/queries.ts';
import { MESSAGES, toShopAttention } from '../../src/sync/status/list-attention.ts';
import { de } from '../../web/src/words/de.ts';
import { en } from '../../web/src/words/en.ts';
import { toProblemText } from '../../web/src/words/problem-text.ts';
import type { Words } from '../../web/src/words/words.ts';

const LANGUAGES: Readonly<Record<string, Words>> = { de, en };

/** The codes that are not of AppError, or are answered past the table. */
const others: Readonly<Record<Exclude<PageErrorCode, keyof typeof ERROR_STATUS>, true>> = {
  internal: true,
  not_found: true,
  other_shop: true,
  path_invalid: true,
  session_invalid: true,
};
const codes = [...Object.keys(ERROR_STATUS), ...Object.keys(others)];
const isPageCode = (code: string): code is PageErrorCode => codes.includes(code);

/** Every text of a language; the functions with texts in their place. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'function')
    return [...textsIn(value('Ada', 'Ada', 'Ada')), ...textsIn(value('', null, ''))];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}

test('every language of the page is looked at', () => {
  const files = readdirSync(new URL('../../web/src/words/', import.meta.url));
  assert.deepEqual(
    files.filter((name) => /^[a-z]{2}\.ts$/.test(name)),
    Object.keys(LANGUAGES).map((language) => `${language}.ts`),
  );
});

for (const [language, words] of Object.entries(LANGUAGES))
  describe(`the words in ${language}`, () => {
    const sentence = (code: string, permissions: readonly string[] = []) => {
      assert.ok(isPageCode(code));
      return toProblemText(words, { code, permissions });
    };

    test('have a sentence of its own for every code of an error that may reach the page', () => {
      const sentences = codes.map((code) => sentence(code));
      assert.equal(new Set(sentences).size, codes.length);
      assert.equal(sentences.includes(words.problem.unreadable), false);
      for (const text of sentences) assert.match(text, /\.$/);
    });

    test('say in each whether anything was changed', () => {
      const told = {
        en: /nothing (new )?was (changed|started)|not saved|saved in Shopify|may not be saved|your change is there/i,
        de: /nichts (Neues )?(geändert|begonnen)|nicht gespeichert|in Shopify gespeichert|vielleicht nicht|Ihre Änderung da ist/i,
      }[language];
      assert.ok(told);
      for (const code of codes) assert.match(sentence(code), told, code);
    });

    test('name a permission, one that they have no word for by its scope, and several', () => {
      const known = words.problem.permissions['write_customers'] ?? 'none';
      assert.ok(sentence('permission_missing', ['write_customers']).includes(known));
      const both = sentence('permission_missing', ['write_customers', 'read_moons']);
      assert.ok(both.includes(known) && both.includes('read_moons'));
    });

    test('have words for everything that may need attention, in place of the server’s', () => {
      for (const code of Object.keys(MESSAGES)) assert.ok(words.home.reasons[code], code);
      const ofShop = toShopAttention({ silentRepairs: 100, withheld: ['email'] }, 1);
      assert.ok(ofShop.length > 1);
      for (const { code } of ofShop) assert.ok(words.home.reasons[code], code);
    });

    test('hold no name of a query, table or system below, and no status code', () => {
      const names = Object.values(queries).flatMap((one) => ('name' in one ? [one.name] : []));
      assert.ok(names.includes('CustomerSnapshots'));
      const below =
        /\b(HTTP|GraphQL|DynamoDB|metafieldsSet|userErrors|JSON|[45]\d\d|[A-Z]{3,}_[A-Z_]+|[a-z]+_[a-z]+)\b/;
      for (const text of textsIn(words)) {
        assert.doesNotMatch(text, below);
        for (const name of names) assert.equal(text.includes(name), false, text);
      }
    });
  });
