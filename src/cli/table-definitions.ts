import { ledgerTable } from '../ledger/ledger-schema.ts';
import { usersTable } from '../users/users-schema.ts';

export const DEFINITIONS = [usersTable, ledgerTable];
