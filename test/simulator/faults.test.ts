import assert from 'node:assert/strict';
import { test } from 'node:test';
import { APP, at, useShop } from '../../simulator/shop/visit.ts';

const visit = useShop();
const PATH = '/admin/oauth/access_token';

test('a fault meets as many requests of its kind as it is told, each of which is counted', async () => {
  const { running, post } = visit();
  running.faults.next('bad_gateway', { on: 'graphql' });
  running.faults.next('too_many_requests', { on: 'graphql', times: 2 });
  const statuses: number[] = [];
  for (let n = 0; n < 4; n += 1) {
    const response = await post('/admin/api/2026-10/graphql.json', { query: '{ shop { name } }' });
    statuses.push(response.status);
    if (response.status === 429) assert.equal(response.headers.get('retry-after'), '2.0');
  }
  assert.deepEqual(statuses, [502, 429, 429, 401]);
  assert.equal(running.counts.graphql, 4);
});

test('a refresh whose answer is lost has used its refresh token', async () => {
  const { running, post } = visit();
  const { refresh_token } = running.tokens.issue({ expiring: true });
  const body = {
    client_id: APP.clientId,
    client_secret: APP.secret,
    grant_type: 'refresh_token',
    refresh_token,
  };
  running.faults.next('answer_lost', { on: 'refresh' });
  await assert.rejects(post(PATH, body));
  assert.equal((await post(PATH, body)).status, 400);
});

test('a token answer can lack expires_in', async () => {
  const { running, post } = visit();
  const { refresh_token } = running.tokens.issue({ expiring: true });
  running.faults.next('expires_in_missing', { on: 'refresh' });
  const body = {
    client_id: APP.clientId,
    client_secret: APP.secret,
    grant_type: 'refresh_token',
    refresh_token,
  };
  const answer: unknown = await (await post(PATH, body)).json();
  assert.equal(at(answer, 'expires_in'), undefined);
  assert.equal(at(answer, 'refresh_token_expires_in'), 90 * 24 * 60 * 60);
});

test('lists of metaobjects can be empty for a while, though each is still there', async () => {
  const { running, shop, graphql } = visit();
  shop.saveMetaobject({ type: '$app:membership_plan', handle: 'gold', fields: { name: 'Gold' } });
  const [id = ''] = shop.metaobjects.all.keys();
  const query = `{
    metaobjects(type: "$app:membership_plan", first: 5) { nodes { handle } }
    metaobject(id: "gid://shopify/Metaobject/${id}") { handle }
  }`;
  running.faults.emptyLists = 1;
  assert.deepEqual((await graphql(query)).data, {
    metaobjects: { nodes: [] },
    metaobject: { handle: 'gold' },
  });
  assert.deepEqual(at((await graphql(query)).data, 'metaobjects.nodes'), [{ handle: 'gold' }]);
});
