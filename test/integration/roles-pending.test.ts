import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import { as } from '../support/api.ts';
import { createDynamoDBTrouble } from '../support/dynamodb-trouble.ts';
import { runDueJobs, runJob } from '../support/jobs.ts';
import { createCustomer, openPage, setRole } from '../support/merchant.ts';
import { SHOP, useRollcall } from '../support/rollcall.ts';

const trouble = createDynamoDBTrouble();
const running = useRollcall(
  {},
  async (program) => {
    await openPage(program);
    await runDueJobs(program);
  },
  { overrides: { prepareClient: trouble.prepare, sleep: async (_, signal) => signal?.throwIfAborted() } },
);
const at = () => running().shops.shop(SHOP);
const shop = () => at().shop;
const post = (id: string, roles: object) =>
  as(running()).post(`/api/users/${encodeURIComponent(`${SHOP}#${id}`)}/roles`, roles);
const userOf = (id: string) => running().rollcall.usersOf(SHOP).getById(`${SHOP}#${id}`, true);
const noted = async () => (await running().ledger(`${SHOP}#pending_refresh`)).map(({ sk }) => sk);

function roleAtShopify(id: string): string | undefined {
  const ownerId = `gid://shopify/Customer/${id}`;
  return shop().metafields.find({ ownerId, namespace: 'app--12345', key: 'is_admin' })?.value;
}

async function admins(): Promise<string[]> {
  const { items } = (await as(running()).get('/api/admins?limit=100')).body;
  return items.map(({ shopify_id }: { shopify_id: string }) => shopify_id);
}

async function anAdmin(): Promise<string> {
  const id = createCustomer(shop());
  setRole(shop(), id, 'is_admin', true);
  await runJob(running(), 'reconcile');
  assert.equal((await userOf(id))?.is_admin, true);
  return id;
}

/** Lets Shopify answer the first question of a role, and then meet what `fault` arranges. */
async function afterFirstAnswer<T>(asking: PromiseLike<T>, fault: () => void): Promise<T> {
  const hold = at().faults.hold('graphql');
  const asked = Promise.resolve(asking);
  await hold.reached;
  fault();
  hold.release();
  return asked;
}

afterEach(() => {
  trouble.end();
  at().faults.denied.clear();
});

const momentarily = { command: 'UpdateItemCommand', table: 'users' };
const throughout = { ...momentarily, times: 10_000 };

/** What may go wrong between Shopify's yes and the copy here. */
const failures: Readonly<Record<string, (id: string) => Promise<void> | void>> = {
  'another program’s transaction holds the item': () =>
    trouble.next({ name: 'TransactionConflictException', ...throughout }),
  'the table is throttled': () => trouble.next({ name: 'ThrottlingException', ...throughout }),
  'DynamoDB has an internal error': () => trouble.next({ name: 'InternalServerError', ...throughout }),
  'others write to the item all the time': () =>
    trouble.next({ name: 'ConditionalCheckFailedException', ...throughout }),
  'Shopify does not tell the customer': () => {
    at().faults.denied.set('QueryRoot.nodes', 'read_customers');
  },
  'the items cannot be read': () =>
    trouble.next({
      name: 'InternalServerError',
      command: 'BatchGetItemCommand',
      table: 'users',
      times: 10_000,
    }),
  'what is stored is newer than what Shopify answers': async (id) => {
    const item = await running().item(`${SHOP}#${id}`);
    await running().putItem({ ...item, shopify_updated_at: '2990-01-01T00:00:00.000Z' });
  },
};

describe('taking an admin away is answered 202 and not lost although', () => {
  for (const [name, arrange] of Object.entries(failures))
    test(name, async () => {
      const id = await anAdmin();
      const before = await running().item(`${SHOP}#${id}`);
      await arrange(id);
      const { status, body } = await post(id, { is_admin: false });
      assert.deepEqual([status, body.pending, body.is_admin, body.shopify_id], [202, true, true, id]);
      assert.equal(roleAtShopify(id), 'false');
      assert.ok((await noted()).includes(id));

      trouble.end();
      at().faults.denied.clear();
      await running().putItem({ ...before });
      await runJob(running(), 'reconcile');
      assert.equal((await userOf(id))?.is_admin, false);
      assert.equal((await admins()).includes(id), false);
      assert.equal((await noted()).includes(id), false);
    });
});

test('a transaction that is over in a moment delays a role by nothing that anybody sees', async () => {
  const id = await anAdmin();
  trouble.next({ name: 'TransactionConflictException', ...momentarily, times: 2 });
  const { status, body } = await post(id, { is_admin: false });
  assert.deepEqual([status, body.pending, body.is_admin], [200, false, false]);
  assert.equal((await noted()).includes(id), false);
});

test('a ledger that fails before Shopify is asked leaves everything as it was', async () => {
  const id = await anAdmin();
  trouble.next({
    name: 'InternalServerError',
    command: 'UpdateItemCommand',
    table: 'rollcall',
    times: 10_000,
  });
  const { status, body } = await post(id, { is_admin: false });
  assert.deepEqual([status, body.error.code], [503, 'store_failed']);
  assert.equal(roleAtShopify(id), 'true');
});

test('a role that is here, and only its record is not cleared, is answered as here', async () => {
  const id = await anAdmin();
  trouble.next({
    name: 'InternalServerError',
    command: 'DeleteItemCommand',
    table: 'rollcall',
    times: 10_000,
  });
  const { status, body } = await post(id, { is_admin: false });
  assert.deepEqual([status, body.pending, body.is_admin], [200, false, false]);
});

test('an answer that was lost is found to be a yes', async () => {
  const id = await anAdmin();
  const { status, body } = await afterFirstAnswer(post(id, { is_admin: false }), () =>
    at().faults.next('answer_lost', { on: 'graphql' }),
  );
  assert.deepEqual([status, body.is_admin], [200, false]);
});

test('where no answer comes at all, that is what is said, and the role arrives by itself if it was saved', async () => {
  const id = await anAdmin();
  const { status, body } = await afterFirstAnswer(post(id, { is_admin: false }), () =>
    at().faults.next('answer_lost', { on: 'graphql', times: 10 }),
  );
  assert.deepEqual([status, body.error.code], [503, 'roles_unconfirmed']);
  assert.equal(roleAtShopify(id), 'false');
  assert.ok((await noted()).includes(id));
  await runJob(running(), 'reconcile');
  assert.equal((await userOf(id))?.is_admin, false);
});

describe('a permission that the app lacks is named, and nothing is changed', () => {
  test('where Shopify denies the field', async () => {
    const id = await anAdmin();
    at().faults.denied.set('Mutation.metafieldsSet', 'write_customers');
    const { status, body } = await post(id, { is_admin: false });
    assert.deepEqual([status, body.error.code], [403, 'permission_missing']);
    assert.deepEqual(body.error.permissions, ['write_customers']);
    assert.equal(roleAtShopify(id), 'true');
  });

  test('where it denies reading the customer', async () => {
    const id = await anAdmin();
    at().faults.denied.set('QueryRoot.customer', 'read_customers');
    for (const { status, body } of [
      await post(id, { is_admin: false }),
      await as(running()).get(`/api/users/${encodeURIComponent(`${SHOP}#${id}`)}/sources`),
    ])
      assert.deepEqual([status, body.error.permissions], [403, ['read_customers']]);
  });

  test('where a user error says it', async () => {
    const id = await anAdmin();
    for (const [error, permissions] of [
      [
        { code: 'APP_NOT_AUTHORIZED', message: 'Required access: `write_customers` access scope.' },
        ['write_customers'],
      ],
      [{ code: 'APP_NOT_AUTHORIZED', message: 'The app is not authorized.' }, undefined],
    ] as const) {
      at().faults.metafieldsErrors.push(error);
      const { status, body } = await post(id, { is_admin: false });
      assert.deepEqual(
        [status, body.error.code, body.error.permissions],
        [403, 'permission_missing', permissions],
      );
    }
    assert.equal(roleAtShopify(id), 'true');
  });
});

test('no text of Shopify’s is in an answer; the log has it', async () => {
  const id = await anAdmin();
  at().faults.metafieldsErrors.push({ code: 'CAPABILITY_VIOLATION', message: 'Stilton is not a capability' });
  const { status, body } = await post(id, { is_admin: false });
  assert.deepEqual([status, body.error.code], [422, 'roles_refused']);
  assert.equal(JSON.stringify(body).includes('Stilton'), false);
  assert.match(running().logged(), /Stilton/);
});
