import { Router } from 'express';
import { z } from 'zod';
import type { Logger } from '../../log.ts';
import type { ReadOrigins } from '../../sync/roles/role-sources.ts';
import { parseQuery, userIdOf } from './query-string.ts';
import { createWithSession, type SessionDeps } from './session.ts';

export interface OriginsDeps extends SessionDeps {
  readonly readOrigins: ReadOrigins;
  readonly log: Logger;
}

/** GET /api/users/:user_id/origins. Unlike the lists it asks Shopify, and so may be slow or fail on its own. */
export function createOriginsRouter({ readOrigins, log, ...sessionDeps }: OriginsDeps): Router {
  const withSession = createWithSession(sessionDeps);
  const router = Router();
  router.get(
    '/users/:user_id/origins',
    withSession(async ({ shop, staffId }, request, response) => {
      parseQuery(z.strictObject({}), request);
      const userId = userIdOf(request);
      log.info({ shop, sub: staffId, user_id: userId }, 'origins asked for');
      response.json(await readOrigins(shop, userId));
    }),
  );
  return router;
}
