import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'smol-toml';
import { z } from 'zod';
import { COMPLIANCE_TOPICS } from '../../src/webhooks/read-delivery.ts';
import { API_VERSION } from '../../src/shopify/api-version.ts';
import { ApiVersion } from '../../src/shopify/library.ts';
import { missingScopes, REQUIRED_SCOPES } from '../../src/shopify/scopes.ts';
import { handlers } from '../../src/webhooks/topics.ts';

const handled = [...handlers.keys(), ...COMPLIANCE_TOPICS];
const source = readFileSync(new URL('../../shopify.app.toml', import.meta.url), 'utf8');
const definition = z.object({ type: z.string(), access: z.object({ admin: z.string() }) });
const app = z
  .object({
    embedded: z.literal(true),
    auth: z.object({ redirect_urls: z.array(z.url()) }),
    access_scopes: z.object({ scopes: z.string() }),
    webhooks: z.object({
      api_version: z.string(),
      subscriptions: z.array(
        z.object({
          uri: z.string(),
          topics: z.array(z.string()).default([]),
          compliance_topics: z.array(z.string()).default([]),
        }),
      ),
    }),
    customer: z.object({ metafields: z.object({ app: z.record(z.string(), definition) }) }),
    metaobjects: z.object({
      app: z.object({
        membership_plan: z.object({ fields: z.record(z.string(), z.object({ type: z.string() })) }),
      }),
    }),
  })
  .parse(parse(source));

const subscribed = app.webhooks.subscriptions.flatMap(({ topics, compliance_topics }) => [
  ...topics,
  ...compliance_topics,
]);

/** What the comment beside a topic says of it. */
const commentOf = (topic: string) =>
  new RegExp(`"${topic.replace('.', '\\.')}",\\s+# (.*)`).exec(source)?.[1] ?? '';

test('every subscribed topic says what handles it, and says the truth', () => {
  for (const topic of subscribed) {
    assert.match(commentOf(topic), /^handled by /, topic);
    assert.equal(commentOf(topic).startsWith('handled by nobody'), !handled.includes(topic), topic);
  }
});

test('every topic that the program handles is subscribed, once', () => {
  // The type of the app's own metaobjects holds a number that only the deployment knows: to be filled in there.
  for (const topic of handled.filter((name) => !name.startsWith('metaobjects/')))
    assert.equal(subscribed.filter((name) => name === topic).length, 1, topic);
  for (const topic of handled) assert.match(commentOf(topic), /^handled by /, topic);
});

test('the obligatory compliance topics are there, and all deliveries go to /webhooks', () => {
  const compliance = app.webhooks.subscriptions.flatMap(({ compliance_topics }) => compliance_topics);
  assert.deepEqual(
    new Set(compliance),
    new Set(['customers/data_request', 'customers/redact', 'shop/redact']),
  );
  assert.deepEqual(new Set(app.webhooks.subscriptions.map(({ uri }) => uri)), new Set(['/webhooks']));
});

test('the definitions are those of the membership rules, and merchants cannot make admins', () => {
  const { is_admin, is_featured_author, membership_plan } = app.customer.metafields.app;
  assert.deepEqual([is_admin?.type, is_admin?.access.admin], ['boolean', 'merchant_read']);
  assert.deepEqual(
    [is_featured_author?.type, is_featured_author?.access.admin],
    ['boolean', 'merchant_read_write'],
  );
  assert.equal(membership_plan?.type, 'metaobject_reference<$app:membership_plan>');
  const fields = Object.keys(app.metaobjects.app.membership_plan.fields);
  assert.deepEqual(new Set(fields), new Set(['name', 'tier', 'price', 'currency', 'interval', 'benefits']));
});

test('the program requires the scopes that are asked for, and speaks the version of the webhooks', () => {
  assert.deepEqual(new Set(app.access_scopes.scopes.split(',')), new Set(REQUIRED_SCOPES));
  assert.equal(app.webhooks.api_version, API_VERSION);
  assert.equal(ApiVersion.October26, API_VERSION);
});

test('a write scope contains its read scope, and nothing else is taken for granted', () => {
  const shortened = [
    'write_customers',
    'read_customer_merge',
    'write_metaobjects',
    'write_metaobject_definitions',
  ];
  assert.deepEqual(missingScopes(shortened), []);
  assert.deepEqual(missingScopes(['read_customers', 'read_metaobjects', 'read_orders']), [
    'write_customers',
    'read_customer_merge',
    'write_metaobject_definitions',
  ]);
  assert.deepEqual(missingScopes([]), [...REQUIRED_SCOPES]);
});

test('the scopes cover the webhooks and the definitions', () => {
  const scopes = app.access_scopes.scopes.split(',');
  for (const scope of [
    'read_customers',
    'write_customers',
    'read_customer_merge',
    'read_metaobjects',
    'write_metaobject_definitions',
  ])
    assert.ok(scopes.includes(scope), scope);
});
