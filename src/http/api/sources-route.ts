import { Router } from 'express';
import { z } from 'zod';
import type { Logger } from '../../log.ts';
import type { ReadSources } from '../../sync/roles/role-sources.ts';
import { parseQuery, userIdOf } from './query-string.ts';
import { createWithSession, type SessionDeps } from './session.ts';
import type { SourcesAnswer } from './types.ts';

export interface SourcesDeps extends SessionDeps {
  readonly readSources: ReadSources;
  readonly log: Logger;
}

/** GET /api/users/:user_id/sources. Unlike the lists it asks Shopify, and so may be slow or fail on its own. */
export function createSourcesRouter({ readSources, log, ...sessionDeps }: SourcesDeps): Router {
  const withSession = createWithSession(sessionDeps);
  const router = Router();
  router.get(
    '/users/:user_id/sources',
    withSession<SourcesAnswer>(async ({ shop, staffId }, request, response) => {
      parseQuery(z.strictObject({}), request);
      const userId = userIdOf(request);
      log.info({ shop, sub: staffId, user_id: userId }, 'sources asked for');
      response.json(await readSources(shop, userId));
    }),
  );
  return router;
}
