import assert from 'node:assert/strict';
import express from 'express';
import { after, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import request from 'supertest';
import { sendCsv, type Export } from '../../src/http/api/csv-response.ts';
import { createErrorHandler } from '../../src/http/api/error-answers.ts';
import { createLog } from '../../src/log.ts';
import { listen, type HttpServer } from '../../src/http/server.ts';
import { eventually } from '../support/eventually.ts';

const ROW = ['x'.repeat(100_000)];
const servers: HttpServer[] = [];
after(() => Promise.all(servers.map((server) => server.drain(100))));

/** An application with one export. */
function appOf(pages: () => Export['pages']) {
  const app = express();
  app.get('/list.csv', async (_request, response) => {
    await sendCsv(response, { filename: 'list.csv', columns: ['name'], pages: pages() });
  });
  return app.use(createErrorHandler(createLog('silent')));
}

test('a hundred pages that the client reads slowly leave no listeners behind', async () => {
  const warnings: Error[] = [];
  const warn = (warning: Error) => void warnings.push(warning);
  process.on('warning', warn);
  const app = appOf(async function* pages() {
    for (let n = 0; n < 100; n += 1) yield [ROW];
  });
  const { text } = await request(app).get('/list.csv').buffer();
  await setImmediate();
  process.off('warning', warn);
  assert.equal(text.trim().split('\r\n').length, 101);
  assert.deepEqual(warnings, []);
});

test('a client that goes away stops the reading of pages', async () => {
  let [read, ended] = [0, false];
  const app = appOf(async function* pages() {
    try {
      for (;;) {
        read += 1;
        await setImmediate();
        yield [ROW];
      }
    } finally {
      ended = true;
    }
  });
  const server = await listen(app, 0);
  servers.push(server);
  const leave = new AbortController();
  const response = await fetch(`http://127.0.0.1:${server.port}/list.csv`, { signal: leave.signal });
  await response.body?.getReader().read();
  leave.abort();
  await eventually(async () => assert.equal(ended, true));
  assert.ok(read > 0);
});

test('a first page that fails is an answer with an error, a later one cuts the connection', async () => {
  const failing = (pages: number) =>
    appOf(async function* rows() {
      for (let n = 0; n < pages; n += 1) yield [ROW];
      throw new Error('The table does not answer');
    });
  const { status, body } = await request(failing(0)).get('/list.csv');
  assert.deepEqual([status, body.error.code], [500, 'internal']);
  await assert.rejects(request(failing(3)).get('/list.csv').buffer(), /aborted|socket hang up/);
});
