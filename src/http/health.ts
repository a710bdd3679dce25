import { Router } from 'express';
import type { Metrics } from '../metrics.ts';
import type { TokenHealth } from '../shopify/auth/token-health.ts';

export interface HealthDeps {
  /** Resolves if every table answers. */
  readonly ready: () => Promise<void>;
  readonly tokenHealth: Pick<TokenHealth, 'problems'>;
  readonly metrics: Metrics;
}

/**
 * GET /healthz: the process is alive. /readyz: the tables answer; what is wrong at Shopify is a detail of it, because a
 * restart or another process would not help. /metrics: Prometheus text.
 */
export function createHealth({ ready, tokenHealth, metrics }: HealthDeps): Router {
  const router = Router();
  router.get('/healthz', (_request, response) => {
    response.json({ status: 'ok' });
  });
  router.get('/readyz', async (_request, response) => {
    await ready();
    response.json({ status: 'ok', problems: tokenHealth.problems() });
  });
  router.get('/metrics', async (_request, response) => {
    response.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });
  return router;
}
