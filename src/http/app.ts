import express, { type Express, type RequestHandler } from 'express';
import { createApiRouter, type ApiDeps } from './api/people-routes.ts';
import { createAuth, type AuthDeps } from './oauth.ts';
import { createErrorHandler, notFound } from './api/error-answers.ts';
import { createExportsRouter, type ExportsDeps } from './api/csv-routes.ts';
import { createHealth, type HealthDeps } from './health.ts';
import { createOriginsRouter, type OriginsDeps } from './api/sources-route.ts';
import { createFraming, createPageRouter, type PageDeps } from './page/page-routes.ts';
import { createSyncRouter, type SyncApiDeps } from './api/sync-routes.ts';
import { createWebhooks, type WebhooksDeps } from './webhook-door.ts';

export type AppDeps = WebhooksDeps &
  HealthDeps &
  ApiDeps &
  OriginsDeps &
  ExportsDeps &
  SyncApiDeps &
  AuthDeps &
  PageDeps;

const noStore: RequestHandler = (_request, response, next) => {
  response.set('Cache-Control', 'no-store');
  next();
};

/** The Express application. The order of mounting is this file's subject. */
export function createApp(deps: AppDeps): Express {
  const app = express();
  app.disable('x-powered-by');
  // Before every parser: the signature is over the raw bytes.
  app.use('/webhooks', createWebhooks(deps));
  app.use(createHealth(deps));
  app.use(createFraming(deps));
  app.use('/auth', createAuth(deps));
  app.use(
    '/api',
    noStore,
    createExportsRouter(deps),
    createApiRouter(deps),
    createOriginsRouter(deps),
    createSyncRouter(deps),
    notFound,
  );
  app.use(createPageRouter(deps));
  app.use(notFound);
  app.use(createErrorHandler(deps.log));
  return app;
}
