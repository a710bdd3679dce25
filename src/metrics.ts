import { collectDefaultMetrics, Counter, Registry } from 'prom-client';

/** What the process counts, for GET /metrics. Labels never hold a shop or a person. */
export interface Metrics {
  readonly registry: Registry;
  /** Authentic deliveries by what became of them. */
  readonly webhooks: Counter<'topic' | 'outcome'>;
  /** Deliveries answered with an error, by its code. */
  readonly webhooksRefused: Counter<'code'>;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    registry,
    webhooks: new Counter({
      name: 'rollcall_webhooks_total',
      help: 'Authentic webhook deliveries by topic and by what became of them',
      labelNames: ['topic', 'outcome'],
      registers,
    }),
    webhooksRefused: new Counter({
      name: 'rollcall_webhooks_refused_total',
      help: 'Webhook deliveries answered with an error, by its code',
      labelNames: ['code'],
      registers,
    }),
  };
}
