import { loadConfig } from '../../src/config/config.ts';
import { connect, SERVER } from '../../src/dynamodb/connect.ts';
import { createJobs } from '../../src/ledger/jobs.ts';
import { createPlans } from '../../src/ledger/plans.ts';
import { createLog } from '../../src/log.ts';
import { createFanOut } from '../../src/sync/plans/fan-out.ts';
import { createWriteLimiter } from '../../src/users/write-limiter.ts';
import { createCursors } from '../../src/users/lists/cursor.ts';
import { createMembers } from '../../src/users/members.ts';
import { SHOP } from './rollcall.ts';

// A replica that does nothing but fan out, and whose claim outlives it by half a second only.
const config = loadConfig(process.env);
const connection = await connect(config, SERVER);
const client = connection.documents;
const now = () => new Date();
const ledger = { client, table: `${config.tablePrefix}rollcall`, now };
const membersOf = (shop: string) =>
  createMembers({
    client,
    table: `${config.tablePrefix}users`,
    shop,
    oneShop: false,
    activeStates: config.activeStates,
    cursors: createCursors(config.apiSecrets),
  });
const fanOut = createFanOut({
  plans: createPlans(ledger),
  membersOf,
  jobs: createJobs({ ...ledger, leaseMs: 500 }),
  writeLimiter: createWriteLimiter(100_000),
  log: createLog('info'),
  now,
});
await fanOut.run(SHOP, new AbortController().signal);
process.stdout.write('done\n');
await connection.close();
