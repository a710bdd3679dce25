import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { createRequire } from 'node:module';

// A separate process, because dynalite keeps its lock until its process ends. The IPC channel closes when the parent
// ends, however it ends.
process.on('disconnect', () => process.exit(0));
// Ctrl-C reaches the whole process group; the parent still has requests to finish.
process.on('SIGINT', () => undefined);

const dynalite: (options: object) => Server = createRequire(import.meta.url)('dynalite');
const [path] = process.argv.slice(2);
const server = dynalite({ path, createTableMs: 0, updateTableMs: 0, deleteTableMs: 0 });
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const address = server.address();
if (address === null || typeof address === 'string') throw new Error('dynalite has no port');

// dynalite opens its data on the first request: if another process holds the lock, this process fails here.
const endpoint = `http://127.0.0.1:${address.port}`;
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
await new DynamoDBClient({ endpoint, region: 'local', credentials }).send(new ListTablesCommand({}));
process.send?.({ url: endpoint });
