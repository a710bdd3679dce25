import type { Express } from 'express';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { AppError } from '../errors.ts';

export interface HttpServer {
  readonly port: number;
  /** Accepts no new connection, answers requests in flight, and closes the rest after `limit` ms. */
  drain(limit: number): Promise<void>;
}

/**
 * Listens on a port (0: any free one).
 * @throws AppError `port_in_use`
 */
export async function listen(app: Express, port: number): Promise<HttpServer> {
  const server = createServer({ requestTimeout: 30_000 }, app);
  // Longer than the idle timeout of common load balancers, which would otherwise reuse a closed connection.
  server.keepAliveTimeout = 65_000;
  let draining = false;
  server.prependListener('request', (_request, response) => {
    response.on('close', () => {
      if (draining) server.closeIdleConnections();
    });
  });
  server.listen(port);
  try {
    await once(server, 'listening');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE')
      throw new AppError('port_in_use', `Port ${port} is taken: set PORT to another one`, { cause });
    throw cause;
  }
  const address = server.address();

  return {
    port: address !== null && typeof address === 'object' ? address.port : port,
    async drain(limit) {
      draining = true;
      const closed = once(server, 'close');
      server.close();
      const timer = setTimeout(() => server.closeAllConnections(), limit);
      await closed;
      clearTimeout(timer);
    },
  };
}
