import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';

/** The metrics of GET /metrics. Labels never hold a shop or a person. */
export interface Metrics {
  readonly registry: Registry;
  /** Verified deliveries by outcome. */
  readonly webhooks: Counter<'topic' | 'outcome'>;
  /** Deliveries answered with an error, by code. */
  readonly webhooksRefused: Counter<'code'>;
  /** Deliveries that name no usable shop, or a privacy request of another shop than the deployment's: an operator's. */
  readonly unattributed: Counter;
  /** Privacy requests whose header names another shop than their signed body. */
  readonly shopDisagreements: Counter;
  /** Snapshots of customers by outcome. */
  readonly snapshots: Counter<'outcome'>;
  /** Users repaired by reconciling: their webhooks were lost. */
  readonly repaired: Counter;
  /** Days on which removals waited for a merchant's word. */
  readonly removalsUnanswered: Counter;
  /** Attempts to query the Admin API by what was answered. */
  readonly adminAttempts: Counter<'outcome'>;
  /** Query cost used, in points. */
  readonly adminCost: Counter<'priority'>;
  /** Seconds that attempts waited for the shop's query budget. */
  readonly adminWaiting: Histogram<'priority'>;
  /** Requests to the token endpoint by what the answer was about. */
  readonly tokenRequests: Counter<'outcome'>;
  /** Requests of the page whose session token was refused, by reason. */
  readonly sessionsRefused: Counter<'reason'>;
  /** Deliveries and answers of another API version than ours. */
  readonly apiVersionDiffers: Counter<'where'>;
  /** Shops looked at after a reconcile, by whether they were in sync. */
  readonly syncChecks: Counter<'in_sync'>;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    registry,
    webhooks: new Counter({
      name: 'rollcall_webhooks_total',
      help: 'Verified webhook deliveries by topic and outcome',
      labelNames: ['topic', 'outcome'],
      registers,
    }),
    webhooksRefused: new Counter({
      name: 'rollcall_webhooks_refused_total',
      help: 'Webhook deliveries answered with an error, by code',
      labelNames: ['code'],
      registers,
    }),
    unattributed: new Counter({
      name: 'rollcall_unattributed_total',
      help: 'Webhook deliveries that belong to no shop of this deployment and are kept for an operator',
      registers,
    }),
    shopDisagreements: new Counter({
      name: 'rollcall_shop_disagreements_total',
      help: 'Privacy requests whose header names another shop than their signed body',
      registers,
    }),
    snapshots: new Counter({
      name: 'rollcall_snapshots_total',
      help: 'Snapshots of customers by outcome',
      labelNames: ['outcome'],
      registers,
    }),
    repaired: new Counter({
      name: 'rollcall_reconcile_repaired_total',
      help: 'Users repaired by reconciling because their webhooks were lost',
      registers,
    }),
    removalsUnanswered: new Counter({
      name: 'rollcall_removals_unanswered_total',
      help: 'Days on which removals of many people waited for the merchant’s word, of all shops',
      registers,
    }),
    adminAttempts: new Counter({
      name: 'rollcall_admin_api_attempts_total',
      help: 'Attempts to query the Admin API, by answer',
      labelNames: ['outcome'],
      registers,
    }),
    adminCost: new Counter({
      name: 'rollcall_admin_api_cost_points_total',
      help: 'Query cost used in points, by priority',
      labelNames: ['priority'],
      registers,
    }),
    adminWaiting: new Histogram({
      name: 'rollcall_admin_api_wait_seconds',
      help: "Seconds that attempts waited for the shop's query budget, by priority",
      labelNames: ['priority'],
      buckets: [0.01, 0.1, 0.5, 1, 5, 15, 60],
      registers,
    }),
    tokenRequests: new Counter({
      name: 'rollcall_token_requests_total',
      help: 'Requests to the token endpoint, by what the answer was about',
      labelNames: ['outcome'],
      registers,
    }),
    sessionsRefused: new Counter({
      name: 'rollcall_sessions_refused_total',
      help: 'Requests of the page whose session token was refused, by reason',
      labelNames: ['reason'],
      registers,
    }),
    apiVersionDiffers: new Counter({
      name: 'rollcall_api_version_differs_total',
      help: 'Deliveries and answers of another API version than ours, by where it was told',
      labelNames: ['where'],
      registers,
    }),
    syncChecks: new Counter({
      name: 'rollcall_sync_checks_total',
      help: 'Shops looked at after a reconcile, by whether they were in sync',
      labelNames: ['in_sync'],
      registers,
    }),
  };
}
