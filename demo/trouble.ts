import type { RunningShop } from '../simulator/shop/running-shop.ts';
import { oddDelivery, ODDITIES } from '../simulator/webhooks/odd-deliveries.ts';
import { changeSomebody } from './traffic.ts';

interface TroubledShop {
  readonly running: RunningShop;
  /** Of the app. */
  readonly url: string;
}

interface Trouble {
  /** What the shop does from then on. */
  readonly what: string;
  begin(troubled: TroubledShop): void | Promise<void>;
}

const idsOf = ({ shop }: RunningShop) => [...shop.customers.keys()];

/** What goes wrong in the field, by the name that `npm run demo -- --trouble NAME` takes. */
const troubles: ReadonlyMap<string, Trouble> = new Map(
  Object.entries({
    'withheld-fields': {
      what: 'Shopify withholds names and e-mails, as from an app that is not approved for them',
      begin({ running: { faults } }) {
        faults.withheld = { fields: ['firstName', 'lastName', 'defaultEmailAddress'], by: 'code' };
      },
    },
    'spoilt-customers': {
      what: 'Shopify fails at a field of every tenth customer',
      begin({ running }) {
        for (const id of idsOf(running).filter((_id, n) => n % 10 === 0))
          running.faults.spoilt.set(id, 'firstName');
      },
    },
    'empty-list': {
      what: 'the next list of plans has none',
      begin({ running }) {
        running.faults.emptyLists = 1;
      },
    },
    'stuck-list': {
      what: 'each page of customers names itself as the next one',
      begin({ running }) {
        running.faults.stuckCustomers = 'same';
      },
    },
    'stuck-operation': {
      what: 'no bulk operation comes to its end',
      begin({ running }) {
        running.bulk.polls = Infinity;
      },
    },
    'edge-block': {
      what: 'an edge answers every query with 403 in HTML',
      begin({ running }) {
        running.faults.next('edge_block', { on: 'graphql', times: Infinity });
      },
    },
    'refused-client': {
      what: 'tokens have ended, and Shopify does not know the client secret',
      begin({ running: { faults, tokens } }) {
        for (const on of ['refresh', 'exchange'] as const)
          faults.next('invalid_client', { on, times: Infinity });
        tokens.revokeAll();
      },
    },
    'lost-webhooks': {
      what: 'every tenth customer has changed and no webhook says so',
      begin({ running }) {
        for (const [n, id] of idsOf(running).entries()) if (n % 10 === 0) changeSomebody(running.shop, id, n);
      },
    },
    'odd-deliveries': {
      what: 'signed webhooks come with one oddity of the field each',
      async begin({ running: { shop, app }, url }) {
        const [id = ''] = shop.customers.keys();
        for (const [n, oddity] of ODDITIES.entries()) {
          const { headers, body } = oddDelivery(
            shop.domain,
            app.secret(),
            changeSomebody(shop, id, n),
            oddity,
          );
          await fetch(`${url}/webhooks`, { method: 'POST', headers, body: Uint8Array.from(body) });
        }
      },
    },
  } satisfies Record<string, Trouble>),
);

/** @throws Error with the names that there are */
export function findTrouble(name: string): Trouble {
  const trouble = troubles.get(name);
  if (trouble === undefined)
    throw new Error(`There is no trouble ${name}; there are ${[...troubles.keys()].join(', ')}`);
  return trouble;
}
