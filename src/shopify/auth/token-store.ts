import type { TokensConfig } from '../../config/config.ts';
import { loadTokenKey } from '../../config/token-key.ts';
import type { Connection } from '../../dynamodb/connect.ts';
import { createEncryption } from '../../encryption.ts';
import { createInstalls, type Installs } from '../../ledger/installs.ts';
import { ledgerTable } from '../../ledger/ledger-schema.ts';
import { createSessions, type Sessions } from './sessions.ts';

/** What the ledger keeps of installations and tokens. */
export interface TokenStore {
  readonly installs: Installs;
  readonly sessions: Sessions;
}

const now = () => new Date();

/** Opens the installations and the sealed tokens at a connection, for the server and the command line. */
export function connectTokens(config: TokensConfig, { documents }: Connection): TokenStore {
  const table = config.tablePrefix + ledgerTable.name;
  const encryption = createEncryption(config.encryptionKeys ?? [loadTokenKey('.data/token-key')]);
  return {
    installs: createInstalls({ client: documents, table, now }),
    sessions: createSessions({ client: documents, table, encryption, now }),
  };
}
