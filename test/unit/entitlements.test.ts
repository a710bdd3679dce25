import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { resolveEntitlements, type TagRules } from '../../src/customers/entitlements.ts';
import { fromMetaobject, type Plan } from '../../src/customers/plan.ts';
import type { Snapshot } from '../../src/customers/snapshot.ts';
import { AppError } from '../../src/errors.ts';

const gidOf = (handle: string) => `gid://shopify/Metaobject/${handle}`;
const aPlan = (id: string, tier: number, version = '2026-01-01T00:00:00.000Z'): Plan => ({
  gid: gidOf(id),
  id,
  name: id,
  tier,
  price: '9.50',
  currency: 'EUR',
  interval: 'month',
  benefits: [],
  version,
});

const plans = new Map(
  [aPlan('gold', 3), aPlan('silver', 2), aPlan('also-gold', 3)].map((plan) => [plan.gid, plan]),
);
const tags: TagRules = { membershipPrefix: 'member:', featuredAuthor: 'author' };
const noTags: TagRules = { membershipPrefix: undefined, featuredAuthor: undefined };

const aSnapshot = (fields: Partial<Snapshot>): Snapshot => ({
  customer: { id: '1', profile: {} },
  tags: [],
  isAdmin: null,
  isFeaturedAuthor: null,
  plan: null,
  ...fields,
});

const summary = (snapshot: Partial<Snapshot>, rules: TagRules) => {
  const { isAdmin, isFeaturedAuthor, plan, source, attention } = resolveEntitlements(
    aSnapshot(snapshot),
    plans,
    rules,
  );
  return [isAdmin, isFeaturedAuthor, plan?.id ?? null, source, ...attention];
};

describe('what a customer is follows from the metafields before the tags', () => {
  const all = ['admin', 'author', 'member:silver'];
  const rows: [string, Partial<Snapshot>, TagRules, unknown[]][] = [
    ['nothing at all', {}, tags, [false, false, null, null]],
    ['metafields that are true', { isAdmin: true, isFeaturedAuthor: true }, tags, [true, true, null, null]],
    [
      'metafields that are false',
      { isAdmin: false, isFeaturedAuthor: false },
      tags,
      [false, false, null, null],
    ],
    [
      'a false metafield against a tag',
      { isFeaturedAuthor: false, tags: ['author'] },
      tags,
      [false, false, null, null],
    ],
    ['a tag for featured authors', { tags: ['author'] }, tags, [false, true, null, null]],
    [
      'tags that look like an admin',
      { tags: ['admin', 'is_admin', 'member:admin'] },
      tags,
      [false, false, null, null, 'unknown_plan'],
    ],
    ['a plan by metafield', { plan: aPlan('gold', 3) }, tags, [false, false, 'gold', 'metafield']],
    [
      'a plan by metafield against a tag',
      { plan: aPlan('silver', 2), tags: ['member:gold'] },
      tags,
      [false, false, 'silver', 'metafield'],
    ],
    ['a plan by tag', { tags: ['member:silver'] }, tags, [false, false, 'silver', 'tag']],
    [
      'several plans by tag',
      { tags: ['member:silver', 'member:gold'] },
      tags,
      [false, false, 'gold', 'tag', 'several_plans'],
    ],
    [
      'several plans of one tier',
      { tags: ['member:gold', 'member:also-gold'] },
      tags,
      [false, false, 'also-gold', 'tag', 'several_plans'],
    ],
    [
      'a tag of an unknown plan',
      { tags: ['member:bronze'] },
      tags,
      [false, false, null, null, 'unknown_plan'],
    ],
    [
      'a metafield whose plan is gone, with a tag',
      { plan: { gid: gidOf('bronze') }, tags: ['member:gold'] },
      tags,
      [false, false, null, null, 'plan_gone'],
    ],
    [
      'a metafield whose plan Shopify does not tell here, but its list has',
      { plan: { gid: gidOf('gold') } },
      tags,
      [false, false, 'gold', 'metafield'],
    ],
    ['tags where they mean nothing', { tags: all }, noTags, [false, false, null, null]],
  ];
  for (const [name, snapshot, rules, expected] of rows)
    test(name, () => {
      assert.deepEqual(summary(snapshot, rules), expected);
    });
});

test('of two states of a plan the newer one is copied', () => {
  const older = aPlan('gold', 1, '2025-01-01T00:00:00.000Z');
  const newer = aPlan('gold', 9, '2027-01-01T00:00:00.000Z');
  const same = aPlan('gold', 9);
  assert.equal(resolveEntitlements(aSnapshot({ plan: older }), plans, noTags).plan?.tier, 3);
  assert.equal(resolveEntitlements(aSnapshot({ plan: same }), plans, noTags).plan?.tier, 3);
  assert.equal(resolveEntitlements(aSnapshot({ plan: newer }), plans, noTags).plan?.tier, 9);
});

test('a plan is known by its gid, whatever its handle is by now', () => {
  const renamed = { ...aPlan('gold', 1, '2027-01-01T00:00:00.000Z'), id: 'golden' };
  const known = new Map([[renamed.gid, renamed]]);
  const { plan } = resolveEntitlements(aSnapshot({ plan: aPlan('gold', 1) }), known, noTags);
  assert.equal(plan?.id, 'golden');
});

test('of two plans that have had one handle a tag names the newer', () => {
  const deleted = aPlan('gold', 1);
  const successor = { ...aPlan('gold', 2, '2027-01-01T00:00:00.000Z'), gid: gidOf('another') };
  for (const both of [
    [deleted, successor],
    [successor, deleted],
  ]) {
    const known = new Map(both.map((plan) => [plan.gid, plan]));
    const { plan, attention } = resolveEntitlements(aSnapshot({ tags: ['member:gold'] }), known, tags);
    assert.deepEqual([plan?.gid, attention], [successor.gid, []]);
  }
});

describe('a plan', () => {
  const node = (fields: Record<string, unknown>, more = {}) => ({
    id: gidOf('gold'),
    handle: 'gold',
    updatedAt: '2026-01-01T01:00:00+01:00',
    fields: Object.entries(fields).map(([key, jsonValue]) => ({ key, jsonValue })),
    ...more,
  });

  test('is read from its metaobject', () => {
    const fields = {
      name: 'Gold',
      tier: 3,
      price: '9.50',
      currency: 'EUR',
      interval: 'month',
      benefits: ['a', 'b'],
    };
    assert.deepEqual(fromMetaobject(node(fields)), {
      ...fields,
      gid: gidOf('gold'),
      id: 'gold',
      version: '2026-01-01T00:00:00.000Z',
    });
  });

  test('counts although fields that a merchant typed are missing or odd', () => {
    const plan = fromMetaobject(node({ name: '', tier: 'high', price: null, benefits: 'all' }));
    assert.deepEqual([plan.name, plan.tier, plan.price, plan.benefits], ['gold', 0, null, []]);
  });

  test('without a gid, a handle or a time is unreadable', () => {
    const unreadable = (error: unknown) => error instanceof AppError && error.code === 'plan_unreadable';
    assert.throws(() => fromMetaobject(node({}, { id: undefined })), unreadable);
    assert.throws(() => fromMetaobject(node({}, { handle: '' })), unreadable);
    assert.throws(() => fromMetaobject(node({}, { updatedAt: 'x' })), unreadable);
    assert.throws(() => fromMetaobject(null), unreadable);
  });
});
