import { applyTables } from '../tables/apply-tables.ts';
import { print } from './print.ts';
import { DEFINITIONS } from './table-definitions.ts';
import { withTables } from './with-tables.ts';

const MAX_INDEX_WAIT = 3_600_000;

/**
 * Does the steps of `tables plan` and prints each.
 * @throws AppError as applyTables does
 */
export async function applyPlan(): Promise<void> {
  await withTables((context) =>
    applyTables({ ...context, print, maxIndexWait: MAX_INDEX_WAIT }, DEFINITIONS),
  );
}
