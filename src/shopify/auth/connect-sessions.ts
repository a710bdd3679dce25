import type { TokensConfig } from '../../config/config.ts';
import { loadTokenKey } from '../../config/token-key.ts';
import type { Connection } from '../../dynamodb/connect.ts';
import { createEncryption } from '../../encryption.ts';
import { ledgerTable } from '../../ledger/ledger-schema.ts';
import { createSessions, type Sessions } from './sessions.ts';

const now = () => new Date();

/** The store of encrypted sessions on a connection, for the server and the command line. */
export function connectSessions(config: TokensConfig, { documents }: Connection): Sessions {
  const table = config.tablePrefix + ledgerTable.name;
  const encryption = createEncryption(config.encryptionKeys ?? [loadTokenKey('.data/token-key')]);
  return createSessions({ client: documents, table, encryption, now });
}
