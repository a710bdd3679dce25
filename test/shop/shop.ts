import { toShopTime } from './time.ts';

/** A customer as the simulated shop has it. */
export interface ShopCustomer {
  /** 18 digits, as Shopify's have. */
  readonly id: string;
  readonly email: string | null;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly state: 'enabled' | 'invited' | 'disabled' | 'declined';
  readonly verifiedEmail: boolean;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export type CustomerFields = Omit<ShopCustomer, 'id' | 'createdAt' | 'updatedAt'>;

/** What Shopify sends: the topic and the body's exact text. */
export interface Message {
  readonly topic: string;
  readonly body: string;
}

export interface Shop {
  readonly domain: string;
  /** What stands in the shop now, by id. */
  readonly customers: ReadonlyMap<string, ShopCustomer>;
  /** Each change resolves to the webhook it causes. */
  create(fields: CustomerFields): Message;
  update(id: string, changes: Partial<CustomerFields>): Message;
  remove(id: string): Message;
}

export interface ShopOptions {
  readonly domain: string;
  readonly now: () => Date;
  /** Minutes east of UTC, in which the shop writes its times. */
  readonly offset: number;
}

const FIRST_ID = 706405506930370000n;

/** A simulated Shopify shop: its customers, and the webhook payloads of their changes. */
export function createShop({ domain, now, offset }: ShopOptions): Shop {
  const customers = new Map<string, ShopCustomer>();
  let nextId = FIRST_ID;

  // The numeric id must not pass through a JavaScript number, so it is put into the text.
  function toText(id: string, fields: object): string {
    const gid = `gid://shopify/Customer/${id}`;
    return JSON.stringify({ id: '#', ...fields, admin_graphql_api_id: gid }).replace('"#"', id);
  }

  function toBody(customer: ShopCustomer): string {
    return toText(customer.id, {
      created_at: toShopTime(customer.createdAt, offset),
      updated_at: toShopTime(customer.updatedAt, offset),
      first_name: customer.firstName,
      last_name: customer.lastName,
      state: customer.state,
      note: 'This customer loves ice cream',
      verified_email: customer.verifiedEmail,
      multipass_identifier: null,
      tax_exempt: false,
      email: customer.email,
      phone: null,
      currency: 'USD',
      addresses: [],
      tax_exemptions: [],
    });
  }

  return {
    domain,
    customers,
    create(fields) {
      nextId += 17n;
      const customer = { ...fields, id: String(nextId), createdAt: now(), updatedAt: now() };
      customers.set(customer.id, customer);
      return { topic: 'customers/create', body: toBody(customer) };
    },
    update(id, changes) {
      const customer = customers.get(id);
      if (customer === undefined) throw new Error(`The shop has no customer ${id}`);
      const changed = { ...customer, ...changes, updatedAt: now() };
      customers.set(id, changed);
      return { topic: 'customers/update', body: toBody(changed) };
    },
    remove(id) {
      customers.delete(id);
      return { topic: 'customers/delete', body: toText(id, { tax_exemptions: [] }) };
    },
  };
}
