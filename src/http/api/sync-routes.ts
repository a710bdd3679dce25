import { Router } from 'express';
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import type { Sessions } from '../../shopify/auth/sessions.ts';
import type { TokenHealth } from '../../shopify/auth/token-health.ts';
import type { Scheduler } from '../../sync/scheduler.ts';
import { retryDeadLetter } from '../../webhooks/receive.ts';
import { readSyncStatus } from '../../sync/status/sync-status.ts';
import { readJson } from './json-body.ts';
import { fields, parseQuery } from './query-string.ts';
import type { WebhookContext } from '../../webhooks/webhook-context.ts';
import type { ApiContext } from './api-context.ts';
import type { SessionHandler } from './session.ts';
import type { RetryAnswer, StartAnswer, SyncAnswer } from './types.ts';

export interface SyncRoutesContext extends ApiContext, Omit<WebhookContext, 'scheduler' | 'sessions'> {
  readonly scheduler: Scheduler;
  readonly sessions: Sessions;
  readonly tokenHealth: TokenHealth;
  /** Between two reconciles. */
  readonly reconcileMinutes: number;
}

const fullBody = z.strictObject({
  mode: z.enum(['apply', 'check']),
  confirm_removals: z.int().positive().optional(),
});

/** The sync status of a shop, and the requests that start jobs. */
export function createSyncRouter(context: SyncRoutesContext): Router {
  const { ledger, scheduler, resumeStalled, log, withSession } = context;

  const getStatus: SessionHandler<SyncAnswer> = async ({ shop }, request, response) => {
    parseQuery(z.strictObject({}), request);
    void resumeStalled(shop);
    response.json(await readSyncStatus(context, shop));
  };

  const postFull: SessionHandler<StartAnswer> = async ({ shop, staffId }, request, response) => {
    parseQuery(z.strictObject({}), request);
    const body = fullBody.safeParse(await readJson(request, response));
    if (!body.success)
      throw new AppError('body_invalid', 'Give mode as apply or check, and confirm_removals as a number');
    if (!(await ledger.jobs.requestIfIdle(shop, 'full', 'full', body.data)))
      throw new AppError('job_running', 'A full sync is under way already');
    void scheduler.wake(shop, 'full');
    log.info({ shop, sub: staffId, ...body.data }, 'full sync asked for');
    response.status(202).json({ job: { kind: 'full' } });
  };

  const postReconcile: SessionHandler<StartAnswer> = async ({ shop, staffId }, request, response) => {
    parseQuery(z.strictObject({}), request);
    if (!(await ledger.jobs.requestIfIdle(shop, 'reconcile', 'short', {})))
      throw new AppError('job_running', 'Missed changes are being looked for already');
    void scheduler.wake(shop, 'reconcile');
    log.info({ shop, sub: staffId }, 'reconcile asked for');
    response.status(202).json({ job: { kind: 'reconcile' } });
  };

  const postRetry: SessionHandler<RetryAnswer> = async ({ shop, staffId }, { params }, response) => {
    const id = fields.key.safeParse(params['id']);
    const received = id.success ? await retryDeadLetter(context, shop, id.data) : undefined;
    if (received === undefined)
      throw new AppError('dead_letter_not_found', 'There is no such delivery any more');
    log.info({ shop, sub: staffId, received }, 'dead letter retried');
    response.json({ received });
  };

  const router = Router();
  router.get('/sync', withSession(getStatus));
  router.post('/sync/full', withSession(postFull));
  router.post('/sync/reconcile', withSession(postReconcile));
  router.post('/dead-letters/:id/retry', withSession(postRetry));
  return router;
}
