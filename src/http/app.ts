import express, { type Express, type RequestHandler } from 'express';
import { createPeopleRouter, type PeopleRoutesDeps } from './api/people-routes.ts';
import { createOAuth, type OAuthDeps } from './oauth.ts';
import { createErrorHandler, notFound } from './api/error-answers.ts';
import { createCsvRouter, type CsvRoutesDeps } from './api/csv-routes.ts';
import { createHealth, type HealthDeps } from './health.ts';
import { createSourcesRouter, type SourcesDeps } from './api/sources-route.ts';
import { createFraming, createPageRouter, type PageDeps } from './page/page-routes.ts';
import { createSyncRouter, type SyncRoutesDeps } from './api/sync-routes.ts';
import { createWebhookDoor, type WebhookDoorDeps } from './webhook-door.ts';

export type AppDeps = WebhookDoorDeps &
  HealthDeps &
  PeopleRoutesDeps &
  SourcesDeps &
  CsvRoutesDeps &
  SyncRoutesDeps &
  OAuthDeps &
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
  app.use('/webhooks', createWebhookDoor(deps));
  app.use(createHealth(deps));
  app.use(createFraming(deps));
  app.use('/auth', createOAuth(deps));
  app.use(
    '/api',
    noStore,
    createCsvRouter(deps),
    createPeopleRouter(deps),
    createSourcesRouter(deps),
    createSyncRouter(deps),
    notFound,
  );
  app.use(createPageRouter(deps));
  app.use(notFound);
  app.use(createErrorHandler(deps.log));
  return app;
}
