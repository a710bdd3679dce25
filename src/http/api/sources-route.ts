import { Router } from 'express';
import { z } from 'zod';
import { readRoleSources } from '../../sync/roles/role-sources.ts';
import { parseQuery, userIdOf } from './query-string.ts';
import type { ApiContext } from './api-context.ts';
import type { SourcesAnswer } from './types.ts';

/** GET /api/users/:user_id/sources. Unlike the lists it queries Shopify, so it may be slow or fail. */
export function createSourcesRouter(context: ApiContext): Router {
  const { log, withSession } = context;
  const router = Router();
  router.get(
    '/users/:user_id/sources',
    withSession<SourcesAnswer>(async ({ shop, staffId }, request, response) => {
      parseQuery(z.strictObject({}), request);
      const userId = userIdOf(request);
      log.info({ shop, sub: staffId, user_id: userId }, 'sources asked for');
      response.json(await readRoleSources(context, shop, userId));
    }),
  );
  return router;
}
