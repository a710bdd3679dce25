import { once } from 'node:events';
import { createServer } from 'node:http';
import { Readable } from 'node:stream';
import { aNode } from './a-node.ts';

// Serves the result of a bulk operation, with the number of lines in the path. A process of its own, so that its work does
// not count as the import's. Prints its URL, and ends with its stdin: when its parent ends.

function* lines(count: number): Generator<string> {
  for (let n = 0; n < count; n += 1) yield `${JSON.stringify(aNode(n))}\n`;
}

const server = createServer((request, response) => {
  Readable.from(lines(Number(request.url?.slice(1)))).pipe(response);
}).listen(0, '127.0.0.1');
await once(server, 'listening');
const address = server.address();
process.stdout.write(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}\n`);
process.stdin.resume().on('close', () => {
  server.close();
  server.closeAllConnections();
});
