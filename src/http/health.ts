import { Router } from 'express';
import type { Metrics } from '../metrics.ts';

export interface HealthDeps {
  /** Resolves if every table answers. */
  readonly ready: () => Promise<void>;
  readonly metrics: Metrics;
}

/** GET /healthz: the process is alive. /readyz: the tables answer. /metrics: Prometheus text. */
export function createHealth({ ready, metrics }: HealthDeps): Router {
  const router = Router();
  router.get('/healthz', (_request, response) => {
    response.json({ status: 'ok' });
  });
  router.get('/readyz', async (_request, response) => {
    await ready();
    response.json({ status: 'ok' });
  });
  router.get('/metrics', async (_request, response) => {
    response.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });
  return router;
}
