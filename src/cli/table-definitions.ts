import { ledgerTable } from '../ledger/ledger-schema.ts';
import { usersTable } from '../users/users-schema.ts';

/** The tables that the commands look after. */
export const DEFINITIONS = [usersTable, ledgerTable];
