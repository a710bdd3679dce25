import { loadTokensConfig } from '../config/config.ts';
import { connect, OPERATOR } from '../dynamodb/connect.ts';
import { createInstalls } from '../ledger/installs.ts';
import { ledgerTable } from '../ledger/ledger-schema.ts';
import { connectSessions } from '../shopify/auth/connect-sessions.ts';
import { print, printAside, printJson } from './print.ts';

/** Encrypts every token with the current key. Exit code 1 if a token is unreadable or busy. */
export async function reencryptTokens({ json }: { readonly json?: true }): Promise<number> {
  const config = loadTokensConfig(process.env);
  const connection = await connect(config, OPERATOR);
  try {
    const sessions = connectSessions(config, connection);
    const table = config.tablePrefix + ledgerTable.name;
    const installs = createInstalls({ client: connection.documents, table, now: () => new Date() });
    const say = json === true ? printAside : print;
    const counts = { sealed: 0, unchanged: 0, unreadable: 0, busy: 0 };
    for await (const shop of installs.listShops()) {
      const resealed = await sessions.reseal(shop);
      counts[resealed] += 1;
      if (resealed === 'unreadable' || resealed === 'busy') say(`${shop}: ${resealed}`);
    }
    const { sealed, unchanged, unreadable, busy } = counts;
    if (json === true) printJson(counts);
    else {
      print(`${sealed} tokens sealed with the current key, ${unchanged} shops had it or have none`);
      print(`${unreadable} unreadable, ${busy} busy`);
    }
    return unreadable + busy > 0 ? 1 : 0;
  } finally {
    await connection.close();
  }
}
