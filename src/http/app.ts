import express, { type Express, type RequestHandler } from 'express';
import { createCsvRouter } from './api/csv-routes.ts';
import { createErrorHandler, notFound } from './api/error-answers.ts';
import { createPeopleRouter } from './api/people-routes.ts';
import { createSourcesRouter } from './api/sources-route.ts';
import { createSyncRouter, type SyncRoutesContext } from './api/sync-routes.ts';
import { createHealth, type HealthDeps } from './health.ts';
import { createOAuth, type OAuthContext } from './oauth.ts';
import { createFraming, createPageRouter, type PageDeps } from './page/page-routes.ts';
import { createWebhookDoor, type WebhookDoorContext } from './webhook-door.ts';

export type AppContext = WebhookDoorContext & HealthDeps & SyncRoutesContext & OAuthContext & PageDeps;

const noStore: RequestHandler = (_request, response, next) => {
  response.set('Cache-Control', 'no-store');
  next();
};

/** The Express application. The order of mounting is this file's subject. */
export function createApp(context: AppContext): Express {
  const app = express();
  app.disable('x-powered-by');
  // Before every body parser: the HMAC is over the raw bytes.
  app.use('/webhooks', createWebhookDoor(context));
  app.use(createHealth(context));
  app.use(createFraming(context));
  app.use('/auth', createOAuth(context));
  app.use(
    '/api',
    noStore,
    createCsvRouter(context),
    createPeopleRouter(context),
    createSourcesRouter(context),
    createSyncRouter(context),
    notFound,
  );
  app.use(createPageRouter(context));
  app.use(notFound);
  app.use(createErrorHandler(context.log));
  return app;
}
