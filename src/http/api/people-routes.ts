import { Router, type Request } from 'express';
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import { plansByHandle } from '../../customers/plan.ts';
import { currentPlans } from '../../ledger/plans.ts';
import type { StaffSession } from '../../shopify/auth/session-token.ts';
import { setRoles } from '../../sync/roles/set-roles.ts';
import type { UserQuery } from '../../users/lists/list-query.ts';
import type { PageRequest, UserPage } from '../../users/lists/list-page.ts';
import { readJson } from './json-body.ts';
import { fields, paging, parseQuery, userIdOf } from './query-string.ts';
import type { ApiContext } from './api-context.ts';
import type { SessionHandler } from './session.ts';
import type { PlansAnswer, RolesAnswer, UserAnswer, UserPageAnswer } from './types.ts';

const roleList = z.strictObject({ created_after: fields.instant.optional(), ...paging });

const userList = {
  shopify_id: z.strictObject({ shopify_id: z.string().regex(/^\d{1,128}$/, 'must be digits') }),
  created_from: z
    .strictObject({ created_from: fields.instant, created_to: fields.instant, ...paging })
    .refine(({ created_from, created_to }) => created_from <= created_to, 'created_from is after created_to'),
  active: z.strictObject({ active: z.literal('true', 'must be true'), ...paging }),
  membership_id: z.strictObject({ membership_id: fields.key, ...paging }),
};

const selectors = ['shopify_id', 'created_from', 'active', 'membership_id'] as const;

function selectorOf({ query }: Request): (typeof selectors)[number] {
  const [selector, ...others] = selectors.filter((name) => name in query);
  if (selector !== undefined && others.length === 0) return selector;
  const message = `Give exactly one of shopify_id, created_from with created_to, active and membership_id`;
  throw new AppError('query_invalid', message);
}

const rolesBody = z
  .strictObject({ is_admin: z.boolean().optional(), is_featured_author: z.boolean().optional() })
  .refine((roles) => Object.keys(roles).length > 0);

/** The people and plans of a shop. Only setting roles calls Shopify. */
export function createPeopleRouter(context: ApiContext): Router {
  const { usersOf, ledger, log, withSession } = context;
  const { plans, states } = ledger;

  /** The access log: who read which list, and how many people it showed. */
  function logAccess({ shop, staffId }: StaffSession, list: string, count: number): void {
    log.info({ shop, sub: staffId, list, count }, 'people listed');
  }

  async function page(
    session: StaffSession,
    query: UserQuery,
    request: PageRequest,
  ): Promise<UserPageAnswer> {
    const { users, nextCursor }: UserPage = await usersOf(session.shop).list(query, request);
    logAccess(session, query.by, users.length);
    return { items: users, next_cursor: nextCursor ?? null };
  }

  const listByRole = (by: 'admin' | 'featured_author'): SessionHandler<UserPageAnswer> =>
    async function list(staff, request, response) {
      const { created_after: createdAfter, ...rest } = parseQuery(roleList, request);
      response.json(await page(staff, { by, createdAfter }, rest));
    };

  async function listUsers(staff: StaffSession, request: Request): Promise<UserPageAnswer> {
    switch (selectorOf(request)) {
      case 'shopify_id': {
        const asked = parseQuery(userList.shopify_id, request);
        const user = await usersOf(staff.shop).getByShopifyId(asked.shopify_id);
        const items = user === undefined ? [] : [user];
        logAccess(staff, 'shopify_id', items.length);
        return { items, next_cursor: null };
      }
      case 'created_from': {
        const { created_from: from, created_to: to, ...rest } = parseQuery(userList.created_from, request);
        return page(staff, { by: 'created', from, to }, rest);
      }
      case 'active':
        return page(staff, { by: 'active' }, parseQuery(userList.active, request));
      case 'membership_id': {
        const { membership_id: membershipId, ...rest } = parseQuery(userList.membership_id, request);
        return page(staff, { by: 'membership', membershipId }, rest);
      }
    }
  }

  const getUser: SessionHandler<UserAnswer> = async (staff, request, response) => {
    parseQuery(z.strictObject({}), request);
    const user = await usersOf(staff.shop).getById(userIdOf(request));
    logAccess(staff, 'user_id', user === undefined ? 0 : 1);
    if (user === undefined) throw new AppError('user_not_found', 'There is no such user');
    response.json(user);
  };

  const listPlans: SessionHandler<PlansAnswer> = async ({ shop }, request, response) => {
    parseQuery(z.strictObject({}), request);
    const { counts } = await states.get(shop);
    const current = currentPlans(await plans.all(shop));
    const items = [...plansByHandle(current.values()).values()]
      .toSorted((a, b) => b.tier - a.tier || (a.id < b.id ? -1 : 1))
      .map(({ id, name, tier, price, currency, interval, benefits, version }) => ({
        id,
        name,
        tier,
        price,
        currency,
        interval,
        benefits,
        updated_at: version,
        members: counts?.members[id] ?? null,
      }));
    response.json({ items });
  };

  const postRoles: SessionHandler<RolesAnswer> = async ({ shop, staffId }, request, response) => {
    const roles = rolesBody.safeParse(await readJson(request, response));
    if (!roles.success)
      throw new AppError('body_invalid', 'Give is_admin or is_featured_author or both, as true or false');
    const userId = userIdOf(request);
    const entry = { shop, sub: staffId, user_id: userId, ...roles.data };
    log.info(entry, 'roles asked for');
    const { user, isPending } = await setRoles(context, shop, userId, roles.data);
    log.info({ ...entry, pending: isPending }, 'roles set');
    response.status(isPending ? 202 : 200).json({ ...user, pending: isPending });
  };

  const router = Router();
  router.get('/admins', withSession(listByRole('admin')));
  router.get('/featured-authors', withSession(listByRole('featured_author')));
  router.get(
    '/users',
    withSession<UserPageAnswer>(
      async (staff, request, response) => void response.json(await listUsers(staff, request)),
    ),
  );
  router.get('/users/:user_id', withSession(getUser));
  router.get('/plans', withSession(listPlans));
  router.post('/users/:user_id/roles', withSession(postRoles));
  return router;
}
