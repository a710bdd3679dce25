import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';

/** What the process counts, for GET /metrics. Labels never hold a shop or a person. */
export interface Metrics {
  readonly registry: Registry;
  /** Authentic deliveries by what became of them. */
  readonly webhooks: Counter<'topic' | 'outcome'>;
  /** Deliveries answered with an error, by its code. */
  readonly webhooksRefused: Counter<'code'>;
  /** Customers' snapshots by what became of them. */
  readonly snapshots: Counter<'outcome'>;
  /** Users that were not what the shop said, and are now: changes whose webhooks were lost. */
  readonly repaired: Counter;
  /** Days on which removals have waited for a merchant's word. */
  readonly removalsUnanswered: Counter;
  /** Shops looked at after a reconcile, by whether they were in sync. */
  readonly syncChecks: Counter<'in_sync'>;
  /** Attempts to query the Admin API by what was answered. */
  readonly adminAttempts: Counter<'outcome'>;
  /** Points of query cost used. */
  readonly adminCost: Counter<'priority'>;
  /** Seconds that an attempt waited for the shop's budget. */
  readonly adminWaiting: Histogram<'priority'>;
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
    snapshots: new Counter({
      name: 'rollcall_snapshots_total',
      help: "Customers' snapshots by what became of them",
      labelNames: ['outcome'],
      registers,
    }),
    repaired: new Counter({
      name: 'rollcall_reconcile_repaired_total',
      help: 'Users whose changes had been lost on the way and were found by reconciling',
      registers,
    }),
    removalsUnanswered: new Counter({
      name: 'rollcall_removals_unanswered_total',
      help: 'Days on which removals of many people waited for the merchant’s word, of all shops',
      registers,
    }),
    syncChecks: new Counter({
      name: 'rollcall_sync_checks_total',
      help: 'Shops looked at after a reconcile, by whether they were in sync',
      labelNames: ['in_sync'],
      registers,
    }),
    adminAttempts: new Counter({
      name: 'rollcall_admin_api_attempts_total',
      help: 'Attempts to query the Admin API by what was answered',
      labelNames: ['outcome'],
      registers,
    }),
    adminCost: new Counter({
      name: 'rollcall_admin_api_cost_points_total',
      help: 'Points of query cost used, by priority',
      labelNames: ['priority'],
      registers,
    }),
    adminWaiting: new Histogram({
      name: 'rollcall_admin_api_wait_seconds',
      help: "Seconds that an attempt waited for the shop's query budget, by priority",
      labelNames: ['priority'],
      buckets: [0.01, 0.1, 0.5, 1, 5, 15, 60],
      registers,
    }),
  };
}
