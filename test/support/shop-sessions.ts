import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import assert from 'node:assert/strict';
import { connectSessions } from '../../src/shopify/auth/connect-sessions.ts';
import type { OfflineSession, Sessions } from '../../src/shopify/auth/sessions.ts';
import { KEY, type TestRollcall } from './rollcall.ts';

/** The sessions in the ledger, past the program. */
export function sessionsOf(
  { engine, table }: TestRollcall,
  keys: readonly [Buffer, ...Buffer[]] = [Buffer.from(KEY, 'base64')],
): Sessions {
  const tablePrefix = table('users').replace(/users$/, '');
  const config = { tablePrefix, region: 'us-east-1', encryptionKeys: keys };
  const dynamo = { kind: 'endpoint' as const, url: engine.url };
  const documents = DynamoDBDocumentClient.from(engine.client);
  const close = async () => undefined;
  const clients = { client: engine.client, documents, background: documents };
  return connectSessions({ ...config, dynamo }, { ...clients, endpoint: engine.url, close });
}

/** Changes a shop's stored session, past the program. */
export async function changeSession(
  running: TestRollcall,
  shop: string,
  changes: Partial<OfflineSession>,
): Promise<void> {
  const lease = await sessionsOf(running).lease(shop);
  assert.ok(lease?.session !== undefined);
  assert.equal(await lease.store({ ...lease.session, ...changes }), true);
}
