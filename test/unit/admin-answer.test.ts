import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readAnswer } from '../../src/shopify/admin/admin-answer.ts';

const json = (body: object) => new Response(JSON.stringify(body));
const error = (code: string, message = 'for ada@example.com') => ({ message, extensions: { code } });

test('seconds of Retry-After may have a fraction, and never stop a shop for long', async () => {
  const retryAfter = async (headers: Record<string, string>) => {
    const answer = await readAnswer(new Response('', { status: 429, headers }));
    return answer.kind === 'rate_limited' ? answer.retryAfter : 'not rate limited';
  };
  assert.equal(await retryAfter({ 'retry-after': '2.0' }), 2000);
  assert.equal(await retryAfter({ 'retry-after': '0.5' }), 500);
  assert.equal(await retryAfter({ 'retry-after': '86400' }), 60_000);
  assert.equal(await retryAfter({ 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' }), undefined);
  assert.equal(await retryAfter({}), undefined);
});

const cases: Record<string, [Response, object]> = {
  'HTML with status 200': [new Response('<html>'), { kind: 'unavailable', reason: 'no GraphQL answer' }],
  'an answer without data': [json({ data: null }), { kind: 'unavailable', reason: 'no data' }],
  "Shopify's internal error": [
    json({ data: null, errors: [error('INTERNAL_SERVER_ERROR')] }),
    { kind: 'unavailable', reason: 'INTERNAL_SERVER_ERROR' },
  ],
  'data with an error in a part of them': [
    json({ data: { nodes: [] }, errors: [{ ...error('ACCESS_DENIED'), path: ['nodes', 0, 'email'] }] }),
    {
      kind: 'partial',
      data: { nodes: [] },
      spoilt: [{ path: ['nodes', 0, 'email'], kind: 'withheld' }],
      asWhole: { kind: 'refused', reason: 'ACCESS_DENIED', where: 'nodes.0.email' },
    },
  ],
  'a text without a code that data are protected': [
    json({
      data: { customer: { firstName: null } },
      errors: [{ message: 'This app is not approved to access it', path: ['customer', 'firstName'] }],
    }),
    {
      kind: 'partial',
      data: { customer: { firstName: null } },
      spoilt: [{ path: ['customer', 'firstName'], kind: 'withheld' }],
      asWhole: { kind: 'refused', reason: 'no code', where: 'customer.firstName' },
    },
  ],
  'an error inside a node of several': [
    json({
      data: { nodes: [{}, null] },
      errors: [{ ...error('INTERNAL_SERVER_ERROR'), path: ['nodes', 1, 'membership_plan'] }],
    }),
    {
      kind: 'partial',
      data: { nodes: [{}, null] },
      spoilt: [{ path: ['nodes', 1, 'membership_plan'], kind: 'failed' }],
      asWhole: { kind: 'unavailable', reason: 'INTERNAL_SERVER_ERROR', where: 'nodes.1.membership_plan' },
    },
  ],
  'an error that says no place': [
    json({ data: { nodes: [] }, errors: [error('INTERNAL_SERVER_ERROR')] }),
    { kind: 'unavailable', reason: 'INTERNAL_SERVER_ERROR' },
  ],
  'an error at all there is': [
    json({ data: { customers: null }, errors: [{ ...error('ACCESS_DENIED'), path: ['customers'] }] }),
    { kind: 'refused', reason: 'ACCESS_DENIED', where: 'customers' },
  ],
  'data beside THROTTLED': [
    json({ data: { nodes: [] }, errors: [{ ...error('THROTTLED'), path: ['nodes', 0] }] }),
    { kind: 'throttled' },
  ],
  'a code that is a text': [
    json({ errors: [error('no ada@example.com')] }),
    { kind: 'refused', reason: 'no code', where: '' },
  ],
  'a frozen shop': [new Response('', { status: 402 }), { kind: 'refused', reason: 'UNAVAILABLE_SHOP' }],
  'a redirection': [new Response('', { status: 302 }), { kind: 'refused', reason: 'REDIRECTED' }],
  'a cost that cannot be read': [
    json({ data: { shop: {} }, extensions: { cost: { requestedQueryCost: 'ten' } } }),
    { kind: 'done', data: { shop: {} } },
  ],
};

for (const [name, [response, expected]] of Object.entries(cases))
  test(`${name} is read for what it is`, async () => {
    const { cost, ...answer } = await readAnswer(response);
    assert.equal(cost, undefined);
    assert.deepEqual(answer, expected);
  });

test('an id beyond 2^53 in JSON keeps its digits', async () => {
  const answer = await readAnswer(new Response('{"data":{"id":706405506930370084}}'));
  assert.deepEqual(answer.kind === 'done' && answer.data, { id: '706405506930370084' });
});
