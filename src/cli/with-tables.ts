import { loadTablesConfig } from '../config/config.ts';
import { connect, OPERATOR } from '../dynamodb/connect.ts';
import type { TableDeps } from '../tables/table-state.ts';

/**
 * Runs work with a connection to the tables. Needs none of the app's secrets.
 * @throws AppError `config_invalid`, `data_directory_busy`, `engine_failed`
 */
export async function withTables<Result>(work: (context: TableDeps) => Promise<Result>): Promise<Result> {
  const config = loadTablesConfig(process.env);
  const { client, close } = await connect(config, OPERATOR);
  try {
    return await work({ client, prefix: config.tablePrefix });
  } finally {
    await close();
  }
}
