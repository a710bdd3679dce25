import { loadConfig } from './config/config.ts';
import { AppError } from './errors.ts';
import { createLog } from './log.ts';
import { listen } from './http/server.ts';
import { createRollcall } from './rollcall.ts';

// An orchestrator usually kills 10 s after SIGTERM; this leaves a second for the rest.
const DRAIN_MS = 9000;
/** Of that, so much is left for what requests have asked for, however long connections take. */
const DRAIN_REST_MS = 2000;

async function main(): Promise<void> {
  const config = loadConfig(process.env);
  const log = createLog(config.logLevel);
  const rollcall = await createRollcall(config, log);
  const server = await listen(rollcall.app, config.port).catch(async (error: unknown) => {
    await rollcall.close();
    throw error;
  });
  rollcall.scheduler.start();

  let stopping = false;
  async function stop(signal: NodeJS.Signals): Promise<void> {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'stopping');
    const began = Date.now();
    // Jobs end at their next page, while requests are still answered.
    void rollcall.scheduler.stop();
    void rollcall.secure();
    await server.drain(DRAIN_MS - DRAIN_REST_MS);
    await rollcall.drain(Math.max(DRAIN_REST_MS, DRAIN_MS - (Date.now() - began)));
    await rollcall.close();
    log.info('stopped');
    process.exit(0);
  }
  process.on('SIGTERM', (signal) => void stop(signal));
  process.on('SIGINT', (signal) => void stop(signal));
  // Whoever waits for this line may stop the process right after it.
  log.info({ port: server.port }, 'listening');
}

try {
  await main();
} catch (error) {
  if (!(error instanceof AppError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
