import { Router, type Request } from 'express';
import { z } from 'zod';
import type { User } from '../../users/item.ts';
import type { UserQuery } from '../../users/lists/list-query.ts';
import { sendCsv } from './csv-response.ts';
import { fields, parseQuery } from './query-string.ts';
import type { ApiContext } from './api-context.ts';
import type { SessionHandler } from './session.ts';

const PAGE_SIZE = 100;

const PERSON = [
  'user_id',
  'shopify_id',
  'first_name',
  'last_name',
  'email',
  'shopify_state',
  'created_at',
  'is_active',
  'is_featured_author',
  'is_admin',
  'membership_id',
] as const;

const toRow = (user: User) => [...PERSON.map((name) => user[name]), user.membership?.['name']];

const DIFFERENCE = [
  'difference',
  'shopify_id',
  'user_id',
  'attributes',
  'shopify_updated_at',
  'user_updated_at',
  'repaired',
] as const;

const roleQuery = z.strictObject({ created_after: fields.instant.optional() });
const members = z.strictObject({ membership_id: fields.key });
const active = z.strictObject({});

/** The lists of the page and the differences of the last full sync as CSV, whole: /api/admins.csv and so on. Like the lists, they need no call to Shopify. */
export function createCsvRouter({
  usersOf,
  ledger: { fullSyncReports },
  log,
  withSession,
}: Pick<ApiContext, 'usersOf' | 'ledger' | 'log' | 'withSession'>): Router {
  async function* rowsOf(shop: string, query: UserQuery) {
    let cursor: string | undefined;
    do {
      const { users, nextCursor } = await usersOf(shop).list(query, { limit: PAGE_SIZE, cursor });
      yield users.map(toRow);
      cursor = nextCursor;
    } while (cursor !== undefined);
  }

  async function* differencesOf(shop: string) {
    const users = usersOf(shop);
    for await (const rows of fullSyncReports.rows(shop))
      yield await Promise.all(
        rows.map(async (row) => {
          const user_id = await users.userIdOf(row.shopify_id);
          const cells = { ...row, user_id, attributes: row.attributes.toSorted().join(' ') };
          return DIFFERENCE.map((name) => cells[name]);
        }),
      );
  }

  function exportOf(name: string, toQuery: (request: Request) => UserQuery): SessionHandler<string> {
    return async function exportList({ shop, staffId }, request, response) {
      const query = toQuery(request);
      const columns = [...PERSON, 'membership_name'];
      const count = await sendCsv(response, { filename: `${name}.csv`, columns, pages: rowsOf(shop, query) });
      log.info({ shop, sub: staffId, list: query.by, count }, 'people exported');
    };
  }

  const exportByRole = (name: string, by: 'admin' | 'featured_author') =>
    exportOf(name, (request) => ({ by, createdAfter: parseQuery(roleQuery, request).created_after }));

  const exportDifferences: SessionHandler<string> = async ({ shop, staffId }, request, response) => {
    parseQuery(z.strictObject({}), request);
    const count = await sendCsv(response, {
      filename: 'differences.csv',
      columns: DIFFERENCE,
      pages: differencesOf(shop),
    });
    log.info({ shop, sub: staffId, count }, 'differences exported');
  };

  const router = Router();
  router.get('/admins.csv', withSession(exportByRole('admins', 'admin')));
  router.get('/featured-authors.csv', withSession(exportByRole('featured-authors', 'featured_author')));
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
  router.get('/sync/differences.csv', withSession(exportDifferences));
  return router;
}
