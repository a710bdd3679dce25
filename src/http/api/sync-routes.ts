import { Router } from 'express';
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import type { Sessions } from '../../shopify/auth/sessions.ts';
import type { Scheduler } from '../../sync/scheduler.ts';
import { retryDeadLetter } from '../../webhooks/receive.ts';
import { beginReconcile } from '../../sync/reconcile.ts';
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
}

const compareBody = z.strictObject({ repair: z.boolean() });

const toStarted = ({ kind, started_at }: Required<StartAnswer['job']>): StartAnswer => ({
  job: { kind, started_at },
});

/** The sync status of a shop, and the requests that start jobs. */
export function createSyncRouter(context: SyncRoutesContext): Router {
  const { scheduler, log, withSession } = context;

  const getStatus: SessionHandler<SyncAnswer> = async ({ shop }, request, response) => {
    parseQuery(z.strictObject({}), request);
    response.json(await readSyncStatus(context, shop));
  };

  const postBackfill: SessionHandler<StartAnswer> = async ({ shop, staffId }, request, response) => {
    parseQuery(z.strictObject({}), request);
    const job = await scheduler.startBackfill(shop);
    if (job === undefined) throw new AppError('job_running', 'The customers are being imported already');
    log.info({ shop, sub: staffId }, 'backfill asked for');
    response.status(202).json(toStarted(job));
  };

  const postReconcile: SessionHandler<StartAnswer> = async ({ shop, staffId }, request, response) => {
    parseQuery(z.strictObject({}), request);
    const begun = await beginReconcile(context, shop, new AbortController().signal);
    if (begun === undefined) throw new AppError('job_running', 'Missed changes are being looked for already');
    log.info({ shop, sub: staffId }, 'reconcile started');
    // Runs in the background; GET /api/sync shows its result.
    begun.done.catch((error: unknown) => log.warn({ err: error, shop }, 'reconcile failed'));
    response.status(202).json({ job: { kind: 'reconcile' } });
  };

  const postCompare: SessionHandler<StartAnswer> = async ({ shop, staffId }, request, response) => {
    parseQuery(z.strictObject({}), request);
    const body = compareBody.safeParse(await readJson(request, response));
    if (!body.success) throw new AppError('body_invalid', 'Give repair as true or false');
    const job = await scheduler.startCompare(shop, body.data);
    if (job === undefined) throw new AppError('job_running', 'Everybody is being compared already');
    log.info({ shop, sub: staffId, ...body.data }, 'comparison asked for');
    response.status(202).json(toStarted(job));
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
  router.post('/sync/backfill', withSession(postBackfill));
  router.post('/sync/reconcile', withSession(postReconcile));
  router.post('/sync/compare', withSession(postCompare));
  router.post('/dead-letters/:id/retry', withSession(postRetry));
  return router;
}
