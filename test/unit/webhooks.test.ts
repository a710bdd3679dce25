import assert from 'node:assert/strict';
import express from 'express';
import { test } from 'node:test';
import request from 'supertest';
import { AppError } from '../../src/errors.ts';
import { createErrorHandler } from '../../src/http/api/error-answers.ts';
import { createWebhookDoor } from '../../src/http/webhook-door.ts';
import { createLog } from '../../src/log.ts';
import { createMetrics } from '../../src/metrics.ts';
import { createVerify } from '../../src/shopify/verify.ts';
import { signedHeaders } from '../../simulator/webhooks/deliver.ts';
import { aCustomerUpdate } from '../support/customer-update.ts';

test('a delivery that cannot be stored is repeated by Shopify, and counted by its reason', async () => {
  const log = createLog('silent');
  const metrics = createMetrics();
  const failures = [new AppError('store_failed', 'DynamoDB does not answer'), new TypeError('a bug')];
  const receive = async () => Promise.reject(failures.shift());
  const verify = createVerify(['hush']);
  const app = express()
    .use('/webhooks', createWebhookDoor({ verify, receive, metrics, log }))
    .use(createErrorHandler(log));
  const message = aCustomerUpdate();
  const post = () =>
    request(app)
      .post('/webhooks')
      .set(signedHeaders('toys.myshopify.com', 'hush', message))
      .send(message.body);
  assert.equal((await post()).status, 503);
  assert.equal((await post()).status, 500);
  const text = await metrics.registry.metrics();
  for (const code of ['store_failed', 'internal'])
    assert.ok(text.includes(`rollcall_webhooks_refused_total{code="${code}"} 1`), code);
});
