import { Router, type Request } from 'express';
import { z } from 'zod';
import type { Logger } from '../log.ts';
import type { UserQuery } from '../users/list.ts';
import type { Users } from '../users/store.ts';
import { sendCsv } from './export.ts';
import { fields, parseQuery } from './query.ts';
import { createWithSession, type SessionDeps, type SessionHandler } from './session.ts';

export interface ExportsDeps extends SessionDeps {
  readonly usersOf: (shop: string) => Users;
  readonly log: Logger;
}

const PAGE_SIZE = 100;

const flagged = z.strictObject({ created_after: fields.instant.optional() });
const members = z.strictObject({ membership_id: fields.key });
const active = z.strictObject({});

/** The lists of the page as CSV, whole: /api/admins.csv and so on. Like the lists, they need no call to Shopify. */
export function createExportsRouter({ usersOf, log, ...sessionDeps }: ExportsDeps): Router {
  const withSession = createWithSession(sessionDeps);

  function exportOf(name: string, toQuery: (request: Request) => UserQuery): SessionHandler {
    return async function exportList({ shop, staffId }, request, response) {
      const query = toQuery(request);
      const count = await sendCsv(response, `${name}.csv`, (cursor) =>
        usersOf(shop).list(query, { limit: PAGE_SIZE, cursor }),
      );
      log.info({ shop, sub: staffId, list: query.by, count }, 'people exported');
    };
  }

  const exportFlagged = (name: string, by: 'admin' | 'featured_author') =>
    exportOf(name, (request) => ({ by, createdAfter: parseQuery(flagged, request).created_after }));

  const router = Router();
  router.use((_request, response, next) => {
    response.set('Cache-Control', 'no-store');
    next();
  });
  router.get('/admins.csv', withSession(exportFlagged('admins', 'admin')));
  router.get('/featured-authors.csv', withSession(exportFlagged('featured-authors', 'featured_author')));
  router.get(
    '/members.csv',
    withSession(
      exportOf('members', (request) => {
        return { by: 'membership', membershipId: parseQuery(members, request).membership_id };
      }),
    ),
  );
  router.get(
    '/active.csv',
    withSession(
      exportOf('active', (request) => {
        parseQuery(active, request);
        return { by: 'active' };
      }),
    ),
  );
  return router;
}
