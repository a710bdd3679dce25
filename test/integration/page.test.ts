import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import request from 'supertest';
import { as } from '../support/api.ts';
import { aUserItem, putItems } from '../support/user-items.ts';
import { API_KEY, OTHER_SHOP, SHOP, useRollcall } from '../support/rollcall.ts';

const PEOPLE = 250;

const running = useRollcall({}, async ({ engine, table }) => {
  const items = Array.from({ length: PEOPLE }, (_, n) => aUserItem(SHOP, n));
  items.push(aUserItem(SHOP, 999, { first_name: '=HYPERLINK("https://evil.example")', is_admin: 'false' }));
  items.push(aUserItem(OTHER_SHOP, 1));
  await putItems(engine.client, table('users'), items);
});

const get = (path: string) => request(running().rollcall.app).get(path);
const policyOf = async (path: string) => (await get(path)).headers['content-security-policy'];

describe('the document', () => {
  test('may be framed by exactly the shop it is opened for and the admin, on every view', async () => {
    for (const view of ['/', '/featured-authors', '/admins', '/members', '/find', '/sync'])
      assert.equal(
        await policyOf(`${view}?shop=${SHOP}&host=abc`),
        `frame-ancestors https://${SHOP} https://admin.shopify.com`,
      );
  });

  test('may be framed by nobody without one well-formed shop', async () => {
    const hostile = [
      '',
      '?shop=',
      '?shop=evil.com',
      '?shop=a.myshopify.com.evil.com',
      '?shop[]=a.myshopify.com',
    ];
    hostile.push(
      `?shop=${SHOP}&shop=${SHOP}`,
      `?shop=${encodeURIComponent("a.myshopify.com; script-src 'none'")}`,
    );
    for (const query of hostile) assert.equal(await policyOf(`/${query}`), "frame-ancestors 'none'", query);
  });

  test('carries the policy also when there is nothing at the address', async () => {
    assert.equal(await policyOf('/nothing'), "frame-ancestors 'none'");
    assert.equal(await policyOf('/assets/nothing.js'), "frame-ancestors 'none'");
  });

  test('names App Bridge first, then Polaris, then its own modules, and has no inline script and no shop', async () => {
    const { text, headers } = await get(`/?shop=${SHOP}`);
    const meta = `<meta name="shopify-api-key" content="${API_KEY}">`;
    const order = [meta, 'app-bridge.js"></script>', 'polaris-1.js"></script>', '<script type="module" src='];
    const places = order.map((part) => text.indexOf(part));
    assert.deepEqual(
      places,
      places.toSorted((a, b) => a - b),
    );
    assert.ok(places.every((place) => place > 0));
    // Scripts that are async do not count.
    assert.match(
      text.slice(text.indexOf(meta), places[1]),
      /<script type="module" async src="[^"]+"><\/script>\s*<script src="[^"]+$/,
    );
    assert.ok(!/<script(?![^>]*\ssrc=)/.test(text));
    assert.ok(!text.includes(SHOP));
    assert.match(headers['link'] ?? '', /<https:\/\/cdn\.shopify\.com>; rel=preconnect/);
    assert.match(headers['link'] ?? '', /rel=modulepreload/);
  });

  test('has no more than 25 KB of compressed JavaScript of its own', async () => {
    const { text } = await get('/');
    const paths = [...text.matchAll(/"(\/assets\/[^"]+\.js)"/g)].map(([, path]) => path ?? '');
    let bytes = 0;
    for (const path of paths) {
      const { headers } = await get(path).set('Accept-Encoding', 'gzip');
      bytes += Number(headers['content-length']);
    }
    assert.ok(paths.length > 0 && bytes > 1000 && bytes <= 25 * 1024, `${bytes} bytes`);
  });

  test('names assets that are good for ever and come compressed', async () => {
    const { text } = await get('/');
    const paths = [...text.matchAll(/"(\/assets\/[^"]+)"/g)].map(([, path]) => path ?? '');
    assert.equal(paths.length, 3);
    for (const path of paths) {
      const { status, headers } = await get(path).set('Accept-Encoding', 'gzip, br');
      assert.equal(status, 200);
      assert.equal(headers['cache-control'], 'public, max-age=31536000, immutable');
      assert.equal(headers['content-encoding'], 'br');
      assert.equal(headers['vary'], 'Accept-Encoding');
      assert.equal((await get(path).set('Accept-Encoding', 'gzip')).headers['content-encoding'], 'gzip');
      assert.equal(
        (await get(path).set('Accept-Encoding', 'identity')).headers['content-encoding'],
        undefined,
      );
    }
  });
});

describe('exports', () => {
  const csv = async (path: string) => {
    const answer = await as(running()).get(path);
    const { status, headers, text } = answer;
    return { status, headers, text, lines: text.trim().split('\r\n') };
  };

  test('hold the whole list over many pages, and nobody of another shop', async () => {
    const { lines, headers } = await csv('/api/admins.csv');
    assert.equal(lines.length, PEOPLE + 1);
    assert.match(headers['content-type'] ?? '', /^text\/csv/);
    assert.match(lines[0] ?? '', /^user_id,shopify_id,first_name,/);
    assert.equal(new Set(lines).size, PEOPLE + 1);
    assert.ok(lines.slice(1).every((line) => line.startsWith(`${SHOP}#`)));
  });

  test('begin with a byte order mark, by which spreadsheets know UTF-8', async () => {
    const answer = as(running()).get('/api/admins.csv');
    const { body } = await answer.responseType('blob');
    assert.deepEqual([...body.subarray(0, 3)], [0xef, 0xbb, 0xbf]);
  });

  test('neutralise formulas', async () => {
    const { text } = await csv('/api/featured-authors.csv');
    assert.ok(text.includes(`"'=HYPERLINK(""https://evil.example"")"`));
  });

  test('take the same filters as their lists', async () => {
    assert.equal((await csv('/api/admins.csv?created_after=2024-01-01T00:04:00Z')).lines.length, 10);
    assert.equal((await csv('/api/members.csv?membership_id=gold')).lines.length, PEOPLE + 2);
    assert.equal((await csv('/api/members.csv?membership_id=silver')).lines.length, 1);
    assert.equal((await csv('/api/active.csv')).lines.length, PEOPLE + 2);
    assert.equal((await csv('/api/members.csv')).status, 400);
  });

  test('need a session token, and leave a line in the log of who took how many', async () => {
    assert.equal((await get('/api/admins.csv')).status, 401);
    await csv('/api/admins.csv');
    assert.match(running().logged(), /"sub":"42","list":"admin","count":250,"msg":"people exported"/);
    assert.ok(!running().logged().includes('HYPERLINK'));
  });
});
