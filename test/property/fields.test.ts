import assert from 'node:assert/strict';
import { registerHooks } from 'node:module';
import { test } from 'node:test';

const ROWS = `
  { name: 'locale', webhook: 'locale', graphql: 'locale', attribute: 'shopify_locale', type: 'text', personal: true, digest: true },
  { name: 'emailState', webhook: 'email_state', graphql: 'defaultEmailAddress.marketingState', attribute: 'email_state', type: 'state', personal: false, digest: false },
] as const`;

// Two rows more, for all modules that are imported from here on.
registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    const { source } = loaded;
    if (!url.endsWith('/src/customers/fields.ts') || source === undefined) return loaded;
    const text = typeof source === 'string' ? source : new TextDecoder().decode(source);
    return { ...loaded, source: text.replace('] as const', ROWS) };
  },
});
const { changeOf } = await import('../../src/customers/change.ts');
const { fromWebhook } = await import('../../src/customers/customer.ts');
const { fromGraphql } = await import('../../src/customers/snapshot.ts');
const { saveCommand, tombstoneCommand } = await import('../../src/users/commands.ts');
const { toUser } = await import('../../src/users/item.ts');
const { differingNames } = await import('../../src/users/snapshot-commands.ts');

const SHOP = 'toys.myshopify.com';
const context = { shop: SHOP, oneShop: false, table: 'users', activeStates: new Set<string>() };
const BOB = { id: '1', updated_at: '2022-01-01T00:00:00Z', email: 'bob@biller.com' };
const told = { ...BOB, locale: 'de', email_state: 'SUBSCRIBED' };
const node = {
  id: 'gid://shopify/Customer/1',
  firstName: null,
  lastName: null,
  defaultEmailAddress: { emailAddress: 'bob@biller.com', marketingState: 'SUBSCRIBED' },
  state: 'ENABLED',
  locale: 'de',
  tags: [],
  verifiedEmail: true,
  createdAt: '2022-01-01T00:00:00Z',
  updatedAt: '2022-01-01T00:00:00Z',
  is_admin: null,
  is_featured_author: null,
  membership_plan: null,
};

test('a webhook tells a new field, or nothing of it', () => {
  assert.deepEqual(fromWebhook(told).profile, {
    email: 'bob@biller.com',
    locale: 'de',
    emailState: 'subscribed',
  });
  assert.deepEqual(fromWebhook(BOB).profile, { email: 'bob@biller.com' });
  assert.throws(() => fromWebhook({ ...BOB, locale: 17 }), /locale/);
});

test('a snapshot tells a new field, also in an object that has another one', () => {
  assert.deepEqual(fromGraphql(node).customer.profile, {
    email: 'bob@biller.com',
    firstName: null,
    lastName: null,
    state: 'enabled',
    verifiedEmail: true,
    locale: 'de',
    emailState: 'subscribed',
  });
  assert.throws(() => fromGraphql({ ...node, locale: undefined }), /locale/);
});

test('the digest has a new field that is part of it, and stays as it was for whoever does not tell it', () => {
  const digestOf = (fields: object) => changeOf(fromWebhook({ ...BOB, ...fields }))?.digest;
  assert.notEqual(digestOf({ locale: 'de' }), digestOf({ locale: 'fr' }));
  assert.equal(digestOf({ email_state: 'a' }), digestOf({ email_state: 'b' }));
  assert.equal(digestOf({}), 'b39ff53bd3f103a1883b377a4612f9c3');
});

test('a new field is an attribute of the item, whoever writes it', () => {
  const { UpdateExpression, ExpressionAttributeValues } = saveCommand(context, 'u', fromWebhook(told));
  assert.match(UpdateExpression ?? '', /shopify_locale = :shopify_locale, email_state = :email_state/);
  assert.equal(ExpressionAttributeValues?.[':shopify_locale'], 'de');
  assert.equal(ExpressionAttributeValues?.[':email_state'], 'subscribed');
  const entitlements = { isAdmin: false, isFeaturedAuthor: false, plan: null, source: null, attention: [] };
  const names = differingNames(context, fromGraphql(node), entitlements, undefined);
  assert.deepEqual(
    ['shopify_locale', 'email_state'].map((name) => names.includes(name)),
    [true, true],
  );
});

test('a tombstone keeps a new field only if it is not personal', () => {
  const { UpdateExpression = '' } = tombstoneCommand(context, 'u', new Date());
  const removed = UpdateExpression.split(' REMOVE ')[1] ?? '';
  assert.deepEqual([/\bshopify_locale\b/.test(removed), /\bemail_state\b/.test(removed)], [true, false]);
});

test('a user has a new field, null where it is absent or of another type', () => {
  const userOf = (attributes: object) => ({
    ...toUser(context, { user_id: 'u', shop: SHOP, ...attributes }),
  });
  const shown = (attributes: object) =>
    Object.entries(userOf(attributes)).find(([name]) => name === 'shopify_locale');
  assert.deepEqual(shown({ shopify_locale: 'de' }), ['shopify_locale', 'de']);
  assert.deepEqual(shown({}), ['shopify_locale', null]);
  assert.deepEqual(shown({ shopify_locale: 17 }), ['shopify_locale', null]);
});
