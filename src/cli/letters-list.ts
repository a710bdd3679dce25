import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createDeadLetters, OPERATOR } from '../ledger/dead-letters.ts';
import { ledgerTable } from '../ledger/ledger-schema.ts';
import { createPrivacyRequests } from '../ledger/privacy-requests.ts';
import { checkTable } from '../tables/ensure-table.ts';
import { print, printJson } from './print.ts';
import { withTables } from './with-tables.ts';

export interface LettersOptions {
  readonly shop?: string;
  readonly json?: true;
}

/**
 * Prints the dead letters and the open privacy requests that belong to no shop of this deployment, or those of a shop;
 * neither bodies nor e-mails.
 * @throws AppError `table_missing`, `table_differs`, `store_failed`
 */
export async function listLetters({ shop = OPERATOR, json }: LettersOptions): Promise<void> {
  const { letters, requests } = await withTables(async (context) => {
    await checkTable(context, ledgerTable);
    const client = DynamoDBDocumentClient.from(context.client);
    const deps = { client, table: context.prefix + ledgerTable.name, now: () => new Date() };
    return {
      letters: await createDeadLetters(deps).list(shop),
      requests: await createPrivacyRequests(deps).open(shop),
    };
  });
  if (json === true) {
    const privacy_requests = requests.map(({ id, topic, receivedAt, deadline, shopifyId, namedShop }) => ({
      id,
      topic,
      received_at: receivedAt,
      deadline,
      shopify_id: shopifyId ?? null,
      named_shop: namedShop ?? null,
    }));
    printJson({ dead_letters: letters, privacy_requests });
    return;
  }
  for (const { topic, deadline, shopifyId, namedShop, id } of requests)
    print(
      `${topic} to be done by ${deadline.slice(0, 10)}, shop ${namedShop ?? '?'}, customer ${shopifyId ?? '?'} (${id})`,
    );
  for (const { topic, received_at, shopify_id, reason, id } of letters)
    print(`${received_at} ${topic}, customer ${shopify_id ?? '?'}: ${reason} (${id})`);
  if (letters.length + requests.length === 0) print('Nothing is kept');
}
