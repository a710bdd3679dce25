import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { setImmediate, setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import request from 'supertest';
import { loadConfig } from '../../src/config/config.ts';
import { createLog } from '../../src/log.ts';
import { createRollcall, type Rollcall } from '../../src/rollcall.ts';
import { toUser } from '../../src/users/item.ts';
import { toReserved } from '../../simulator/shop/definitions.ts';
import type { Metaobject } from '../../simulator/shop/metaobjects.ts';
import type { RunningShop } from '../../simulator/shop/running-shop.ts';
import { createShop, type Message, type Shop } from '../../simulator/shop/shop.ts';
import { startShops } from '../../simulator/shop/shops.ts';
import { APP } from '../../simulator/shop/visit.ts';
import { signedHeaders } from '../../simulator/webhooks/deliver.ts';
import { startEngine } from './engine.ts';
import { createIndexLag } from './index-lag.ts';
import { createCustomer, savePlan, setRole, setPlan } from './merchant.ts';
import { API_KEY, KEY, LIMITS, SECRET } from './rollcall.ts';
import { aPrefix } from './tables.ts';

const PLANS = ['gold', 'silver', 'basic'];
const HANDLES = [...PLANS, 'platinum'];
const TAGS = [...HANDLES.map((handle) => `member:${handle}`), 'author', 'other'];

const aPerson = fc.nat({ max: 5 });
const aPlan = fc.nat({ max: 2 });
const aName = fc.constantFrom('Ada', 'Bo', null);

/** What happens at Shopify, on the way, and to the process. Customers and plans are counted among those there are. */
const anEvent = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('create' as const),
      name: aName,
      tag: fc.option(fc.constantFrom(...TAGS)),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('edit' as const), who: aPerson, name: aName }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('tag' as const),
      who: aPerson,
      tag: fc.constantFrom(...TAGS),
      add: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('role' as const),
      who: aPerson,
      key: fc.constantFrom('is_admin' as const, 'is_featured_author' as const),
      value: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('member' as const), who: aPerson, plan: fc.option(aPlan) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('edit_plan' as const),
      plan: aPlan,
      name: fc.constantFrom('One', 'Two'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('rename_plan' as const),
      plan: aPlan,
      handle: fc.constantFrom(...HANDLES),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove_plan' as const), plan: aPlan }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('restore_plan' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove' as const), who: aPerson }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('merge' as const),
      who: aPerson,
      into: aPerson,
      copies: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('redact' as const), who: aPerson }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('pass' as const),
      seconds: fc.constantFrom(0.2, 1, 2, 90, 400, 1000),
    }),
  },
  // Which of those that are under way, and whether they come once more later; who is never picked is lost.
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('deliver' as const),
      picks: fc.array(fc.record({ nth: fc.nat({ max: 8 }), again: fc.boolean() }), {
        minLength: 1,
        maxLength: 6,
      }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('run_jobs' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('settle' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('crash' as const), minutes: fc.constantFrom(-10, 0, 10) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('lag' as const),
      of: fc.constantFrom('index' as const, 'admin' as const),
      on: fc.boolean(),
    }),
  },
);

/** What Shopify does not tell from now on, until the next of these. */
const aTrouble = fc.record({
  kind: fc.constant('trouble' as const),
  trouble: fc.constantFrom(
    'none' as const,
    'names_withheld_by_code' as const,
    'names_withheld_by_text' as const,
    'names_withheld_by_null' as const,
    'somebody_spoilt' as const,
    'empty_list_of_plans' as const,
  ),
  who: aPerson,
});

const aTroubledEvent = fc.oneof({ weight: 8, arbitrary: anEvent }, { weight: 1, arbitrary: aTrouble });

export type HistoryEvent = typeof aTroubledEvent extends fc.Arbitrary<infer T> ? T : never;

/** The history of a shop; `minutes` is how far the process' clock is off. */
export interface History {
  readonly minutes: number;
  readonly events: readonly HistoryEvent[];
  /** Whether the process is gone, with all that it has not written, before what is missed is looked for. */
  readonly endsInCrash: boolean;
}

const historyOf = (event: fc.Arbitrary<HistoryEvent>): fc.Arbitrary<History> =>
  fc.record({
    minutes: fc.constantFrom(0, 0, -10, 10),
    events: fc.array(event, { minLength: 3, maxLength: 24, size: 'max' }),
    endsInCrash: fc.nat({ max: 4 }).map((n) => n > 0),
  });

export const aHistory = historyOf(anEvent);

/** Of a shop that now and then withholds fields, fails at a customer or says that there are no plans. */
export const aTroubledHistory = historyOf(aTroubledEvent);

/** A process that can go without a word. */
interface Process {
  readonly rollcall: Rollcall;
  crash(): Promise<void>;
}

export interface Histories {
  /**
   * Lets a history happen to a new shop, looks for what was missed by one reconcile and one full sync and fails unless the
   * people are the shop's.
   */
  play(history: History): Promise<void>;
  /** The same without the full sync, after everything was delivered that is left. */
  playDelivered(history: History): Promise<void>;
  close(): Promise<void>;
}

/** One engine, tables and a clock for many histories, one after the other. */
export async function startHistories(): Promise<Histories> {
  const engine = await startEngine();
  const documents = DynamoDBDocumentClient.from(engine.client);
  const prefix = aPrefix();
  const lag = createIndexLag(documents);
  let time = Date.parse('2026-11-01T12:00:00Z');
  const now = () => new Date(time);
  const pass = (milliseconds: number) => void (time += milliseconds);
  const shops = await startShops({
    shops: [],
    app: APP,
    bulkPolls: 1,
    limits: { restoreRate: 1e6, maximum: 1e6 },
  });
  const config = loadConfig({
    SHOPIFY_APP_URL: 'https://rollcall.example.com',
    SHOPIFY_API_KEY: API_KEY,
    SHOPIFY_API_SECRET: SECRET,
    DYNAMODB_ENDPOINT: engine.url,
    TOKEN_ENCRYPTION_KEY: KEY,
    SHOPIFY_STANDIN_URL: shops.url,
    TABLE_PREFIX: prefix,
    MEMBERSHIP_TAG_PREFIX: 'member:',
    FEATURED_AUTHOR_TAG: 'author',
  });

  async function startProcess(minutes: number): Promise<Process> {
    let isGone = false;
    const rollcall = await createRollcall(config, createLog('silent'), {
      limits: LIMITS,
      now: () => new Date(time + minutes * 60_000),
      async sleep(milliseconds, signal) {
        await setImmediate();
        signal?.throwIfAborted();
        if (isGone) throw new Error('The process is gone');
        pass(milliseconds);
      },
      prepareClient(client) {
        lag.through(client);
        client.middlewareStack.add(
          (next) => async (args) => {
            if (isGone) throw new Error('The process is gone');
            return next(args);
          },
          { step: 'initialize', name: 'process', priority: 'high' },
        );
      },
    });
    return {
      rollcall,
      async crash() {
        isGone = true;
        await rollcall.close();
      },
    };
  }

  let clockOff = 0;
  let process = await startProcess(clockOff);

  async function restart(minutes: number): Promise<void> {
    await process.crash();
    clockOff = minutes;
    process = await startProcess(minutes);
  }

  async function install({ shop, tokens }: RunningShop): Promise<void> {
    const { ledger } = process.rollcall;
    const at = now().toISOString();
    await ledger.installs.record(shop.domain, { kind: 'confirmed', at });
    await process.rollcall.tokens.accept(shop.domain, {
      accessToken: tokens.issue({ expiring: false }).access_token,
      expiresAt: '2100-01-01T00:00:00.000Z',
      scope: APP_SCOPE,
      authorizedAt: at,
    });
    await ledger.jobs.request(shop.domain, 'plans', 'short');
    await ledger.jobs.request(shop.domain, 'full', 'full');
    await ledger.jobs.request(shop.domain, 'reconcile', 'short');
    await ledger.installs.record(shop.domain, { kind: 'scheduled', at });
    await runDueJobs(shop.domain);
  }

  async function runDueJobs(shop: string): Promise<void> {
    const { ledger, scheduler, context } = process.rollcall;
    for (let round = 0; round < 20; round += 1) {
      await scheduler.runDue();
      const jobs = await ledger.jobs.list(shop);
      const isDue = ({ dueAt = '9' }) => dueAt <= context.now().toISOString();
      if (![...jobs.values()].some(isDue)) return;
    }
  }

  async function deliver(shop: string, message: Message): Promise<void> {
    const { status } = await request(process.rollcall.app)
      .post('/webhooks')
      .set(signedHeaders(shop, SECRET, message))
      .send(message.body);
    assert.equal(status, 200, `${message.topic} is acknowledged`);
  }

  /** The queue of snapshots fills for a quarter of a second before it works. */
  const settle = () => delay(400);

  async function playWith(
    { minutes, events, endsInCrash }: History,
    { isDelivered }: { readonly isDelivered: boolean },
  ): Promise<void> {
    if (minutes !== clockOff) await restart(minutes);
    const shop = createShop({ domain: `h${randomUUID()}.myshopify.com`, now, offset: -300 });
    const running = shops.add(shop);
    const { domain } = shop;
    for (const [n, handle] of PLANS.entries()) savePlan(shop, handle, { name: handle, tier: String(3 - n) });
    // Older than the time by which reconciles overlap, so that nothing but a webhook tells of a change that moves no time.
    for (const tags of [[], ['member:gold'], ['author']]) {
      createCustomer(shop, { tags });
      pass(600_000);
    }
    await install(running);
    const underWay: Message[] = [];
    shop.subscribe((message) => void underWay.push(message));
    const happen = createHappen(shop);
    const { faults } = running;
    /** Whose name has always been told since it is withheld, so that it must stand. */
    let named = new Set<string>();
    /** Whether there are deliveries that take a name away. */
    let isUnnamed = false;

    function endTrouble(): void {
      faults.withheld = { fields: [], by: 'code' };
      faults.spoilt.clear();
      faults.emptyLists = 0;
    }

    async function trouble({ trouble: kind, who }: HistoryEvent & { kind: 'trouble' }): Promise<void> {
      endTrouble();
      named = new Set();
      if (kind === 'empty_list_of_plans') faults.emptyLists = 1;
      else if (kind === 'somebody_spoilt') {
        const id = [...shop.customers.keys()][who % Math.max(1, shop.customers.size)];
        if (id !== undefined) faults.spoilt.set(id, 'firstName');
      } else if (kind !== 'none') {
        const by =
          kind === 'names_withheld_by_null' ? 'null' : kind === 'names_withheld_by_code' ? 'code' : 'text';
        faults.withheld = { fields: ['firstName', 'email'], by };
        // Of few people who have no name any more nobody can say whether it is withheld.
        if (by !== 'null' && !isUnnamed) named = await namedPeople(shop);
      }
    }

    for (const event of events) {
      if (event.kind === 'pass') pass(event.seconds * 1000);
      else if (event.kind === 'run_jobs') await runDueJobs(domain);
      else if (event.kind === 'settle') await settle();
      else if (event.kind === 'crash') await restart(event.minutes);
      else if (event.kind === 'trouble') await trouble(event);
      else if (event.kind === 'lag') {
        const one = event.of === 'index' ? lag : running.lag;
        if (event.on) one.begin();
        else one.end();
      } else if (event.kind === 'deliver') {
        for (const { nth, again } of event.picks) {
          const [message] = underWay.splice(nth % Math.max(1, underWay.length), 1);
          if (message === undefined) continue;
          await deliver(domain, message);
          if (again) underWay.push(message);
        }
      } else {
        if ('name' in event && event.name === null) {
          isUnnamed = true;
          named.clear();
        }
        const message = happen(event);
        if (message !== undefined) underWay.push(message);
      }
    }

    await assertStanding(shop, named);
    endTrouble();
    if (isDelivered) for (const message of underWay) await deliver(domain, message);
    if (endsInCrash) await restart(clockOff);
    else await settle();
    lag.end();
    running.lag.end();
    // Past the guards: whoever was created within the last hour is not removed, a lease of a process that is gone holds.
    pass(3_700_000 + Math.max(0, -clockOff) * 60_000);
    await runDueJobs(domain);
    const { ledger, scheduler } = process.rollcall;
    await ledger.jobs.request(domain, 'reconcile', 'short');
    await scheduler.wake(domain, 'reconcile');
    if (!isDelivered) {
      await ledger.jobs.request(domain, 'full', 'full');
      await scheduler.wake(domain, 'full');
    }
    await runDueJobs(domain);
    // A plan is gone when two lists a minute apart lack it; then come the passes of its fan-out, with a pause between.
    for (let lists = 0; lists < 3; lists += 1) {
      pass(130_000);
      await runDueJobs(domain);
    }
    const people = await standingPeople(domain);
    await ledger.jobs.cancel(domain, await ledger.jobs.list(domain));
    assert.deepEqual(people, foldShop(shop));
  }

  async function namedPeople({ domain, customers }: Shop): Promise<Set<string>> {
    const people = Object.entries(await standingPeople(domain));
    const hasName = (id: string, person: Person) =>
      person.first_name !== null && (customers.get(id)?.firstName ?? null) !== null;
    return new Set(people.filter(([id, person]) => hasName(id, person)).map(([id]) => id));
  }

  /** What is withheld does not take away what stands. */
  async function assertStanding({ domain }: Shop, named: ReadonlySet<string>): Promise<void> {
    if (named.size === 0) return;
    for (const [id, { first_name }] of Object.entries(await standingPeople(domain)))
      if (named.has(id)) assert.notEqual(first_name, null, `${id} has kept the name`);
  }

  async function standingPeople(shop: string): Promise<Record<string, Person>> {
    const people: [string, Person][] = [];
    let start: Record<string, unknown> | undefined;
    do {
      const { Items = [], LastEvaluatedKey } = await documents.send(
        new ScanCommand({
          TableName: `${prefix}users`,
          FilterExpression: 'begins_with(user_id, :shop)',
          ExpressionAttributeValues: { ':shop': `${shop}#` },
          ExclusiveStartKey: start,
        }),
      );
      for (const item of Items) {
        const user = toUser({ shop, oneShop: false }, item);
        if (user !== undefined) people.push([String(user.shopify_id), toPerson(user)]);
      }
      start = LastEvaluatedKey;
    } while (start !== undefined);
    return Object.fromEntries(people);
  }

  return {
    play: (history) => playWith(history, { isDelivered: false }),
    playDelivered: (history) => playWith(history, { isDelivered: true }),
    async close() {
      await process.crash();
      await shops.close();
      await engine.close();
    },
  };
}

const APP_SCOPE = 'read_customers,write_customers,read_metaobjects';

type ShopEvent = Exclude<
  HistoryEvent,
  { kind: 'pass' | 'run_jobs' | 'settle' | 'crash' | 'lag' | 'deliver' | 'trouble' }
>;

/** What happens at a shop. The webhooks of it go to those who listen; a privacy request is returned. */
function createHappen(shop: Shop): (event: ShopEvent) => Message | undefined {
  const removed: Metaobject[] = [];
  const gone: string[] = [];

  return function happen(event) {
    const ids = [...shop.customers.keys()];
    const plans = [...shop.metaobjects.all.values()];
    const customerOf = (nth: number) => ids[nth % Math.max(1, ids.length)];
    const planOf = (nth: number) => plans[nth % Math.max(1, plans.length)];
    if (event.kind === 'create') {
      createCustomer(shop, { firstName: event.name, tags: event.tag === null ? [] : [event.tag] });
    } else if (event.kind === 'restore_plan') {
      const plan = removed.pop();
      if (plan !== undefined && !plans.some(({ handle }) => handle === plan.handle))
        shop.restoreMetaobject(plan);
    } else if ('who' in event) {
      const id = customerOf(event.who);
      if (event.kind === 'redact') {
        const erased = gone[event.who % Math.max(1, gone.length)];
        return erased === undefined ? undefined : toRedact(shop.domain, erased);
      }
      if (id === undefined) return undefined;
      if (event.kind === 'edit') shop.update(id, { firstName: event.name });
      else if (event.kind === 'tag' && event.add) shop.addTags(id, [event.tag]);
      else if (event.kind === 'tag') shop.removeTags(id, [event.tag]);
      else if (event.kind === 'role') setRole(shop, id, event.key, event.value);
      else if (event.kind === 'member')
        setPlan(shop, id, event.plan === null ? undefined : planOf(event.plan)?.handle);
      else if (event.kind === 'remove') {
        shop.remove(id);
        gone.push(id);
      } else {
        const into = customerOf(event.into);
        if (into === undefined || into === id) return undefined;
        shop.merge(into, id, { copies: event.copies });
        gone.push(id);
      }
    } else {
      const plan = planOf(event.plan);
      if (plan === undefined) return undefined;
      if (event.kind === 'edit_plan') savePlan(shop, plan.handle, { name: event.name });
      else if (event.kind === 'rename_plan') {
        if (!plans.some(({ handle }) => handle === event.handle))
          shop.renameMetaobject(plan.id, event.handle);
      } else {
        shop.removeMetaobject(plan.id);
        removed.push(plan);
      }
    }
    return undefined;
  };
}

function toRedact(shopDomain: string, id: string): Message {
  const body = `{"shop_id":548380009,"shop_domain":"${shopDomain}","customer":{"id":${id},"email":null,"phone":null},"orders_to_redact":[]}`;
  return { topic: 'customers/redact', body };
}

interface Named {
  readonly first_name: unknown;
  readonly email: unknown;
  readonly shopify_state: unknown;
  readonly is_admin: boolean;
  readonly is_featured_author: boolean;
  readonly membership_id: unknown;
  readonly membership: Readonly<Record<string, unknown>> | null;
}

type Person = ReturnType<typeof toPerson>;

function toPerson({ first_name, email, shopify_state, is_admin, is_featured_author, ...user }: Named) {
  const { membership_id, membership } = user;
  const plan =
    membership_id === null
      ? null
      : { id: membership_id, name: membership?.['name'], tier: membership?.['tier'] };
  return { first_name, email, shopify_state, is_admin, is_featured_author, plan };
}

/** The people whom the table has to hold, by the rules of docs/data-model.md. */
function foldShop(shop: Shop): Record<string, unknown> {
  const plans = [...shop.metaobjects.all.values()].map(({ id, handle, fields }) => ({
    gid: `gid://shopify/Metaobject/${id}`,
    plan: { id: handle, name: fields['name'], tier: Number(fields['tier']) },
  }));
  return Object.fromEntries(
    [...shop.customers.values()].map(({ id, tags, firstName: first_name, email, state: shopify_state }) => {
      const fieldOf = (key: string) =>
        shop.metafields.find({ ownerId: `gid://shopify/Customer/${id}`, namespace: toReserved('$app'), key })
          ?.value;
      const named = fieldOf('membership_plan');
      const byTag = plans.filter(({ plan }) => tags.includes(`member:${plan.id}`));
      const [best] = byTag.toSorted((a, b) => b.plan.tier - a.plan.tier || (a.plan.id < b.plan.id ? -1 : 1));
      const author = fieldOf('is_featured_author');
      const found = named === undefined ? best : plans.find(({ gid }) => gid === named);
      const person = {
        first_name,
        email,
        shopify_state,
        is_admin: fieldOf('is_admin') === 'true',
        is_featured_author: author === undefined ? tags.includes('author') : author === 'true',
        plan: found?.plan ?? null,
      };
      return [id, person];
    }),
  );
}
