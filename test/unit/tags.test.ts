import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { resolveEntitlements } from '../../src/customers/entitlements.ts';
import { handlesOf, hasTag } from '../../src/customers/tags.ts';

describe('a tag is found whatever its case and the blanks around it', () => {
  const cases: readonly (readonly [tags: readonly string[], wanted: string, expected: boolean])[] = [
    [['Author'], 'author', true],
    [['author'], 'AUTHOR', true],
    [[' author '], 'author', true],
    [['author'], ' Author\t', true],
    [['ÄUTOR'], 'äutor', true],
    [['authors'], 'author', false],
    [['au thor'], 'author', false],
    [[''], ' ', false],
    [[], 'author', false],
  ];
  for (const [tags, wanted, expected] of cases)
    test(`${JSON.stringify(wanted)} among ${JSON.stringify(tags)}: ${expected}`, () => {
      assert.equal(hasTag(tags, wanted), expected);
    });
});

describe('the handles after a prefix are read whatever its case and the blanks around', () => {
  const cases: readonly (readonly [tags: readonly string[], prefix: string, expected: readonly string[]])[] =
    [
      [['Member:Gold'], 'member:', ['gold']],
      [['member:gold'], 'Member:', ['gold']],
      [[' MEMBER: gold '], 'member:', ['gold']],
      [['member:gold'], ' member: ', ['gold']],
      [['Member:Gold', 'member:gold', 'member: GOLD'], 'member:', ['gold']],
      [['member:gold', 'member:silver'], 'member:', ['gold', 'silver']],
      [['Member:'], 'member:', ['']],
      [['member', 'not member:gold'], 'member:', []],
      [['Member Gold', 'membership'], 'member ', ['gold']],
      [['anything'], '  ', []],
    ];
  for (const [tags, prefix, expected] of cases)
    test(`${JSON.stringify(tags)} after ${JSON.stringify(prefix)}`, () => {
      assert.deepEqual(handlesOf(tags, prefix), expected);
    });
});

test('a tag that is nothing but the prefix names no plan, which is noted', () => {
  const customer = { id: '1', profile: {} };
  const rest = { isAdmin: null, isFeaturedAuthor: null, plan: null };
  for (const tag of ['member:', ' Member: ']) {
    const rules = { membershipPrefix: 'member:', featuredAuthor: undefined };
    const { attention } = resolveEntitlements({ customer, ...rest, tags: [tag] }, new Map(), rules);
    assert.deepEqual(attention, ['unknown_plan']);
  }
});
