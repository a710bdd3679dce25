import { randomUUID } from 'node:crypto';
import type { CustomerFields, ShopCustomer } from './customer.ts';
import { DEFINITIONS, toReserved, type Definitions } from './definitions.ts';
import type { Message } from '../webhooks/message.ts';
import { createMetafields, type MetafieldInput, type MetafieldKey, type Metafields } from './metafields.ts';
import { createMetaobjects, type Metaobject, type MetaobjectInput, type Metaobjects } from './metaobjects.ts';
import * as payloads from '../webhooks/payloads.ts';

export type { CustomerFields } from './customer.ts';
export type { Message } from '../webhooks/message.ts';

export interface ShopOptions {
  readonly domain: string;
  readonly now: () => Date;
  /** The shop's time zone, in minutes east of UTC. */
  readonly offset: number;
  readonly definitions?: Definitions;
  /** Whether a changed metafield or tag moves the customer's `updatedAt`, which is undocumented. Default false, the harder case. */
  readonly touches?: boolean;
}

export interface Shop {
  readonly domain: string;
  readonly offset: number;
  readonly definitions: Definitions;
  readonly now: () => Date;
  /** The current customers by id. */
  readonly customers: ReadonlyMap<string, ShopCustomer>;
  readonly metafields: Pick<Metafields, 'find' | 'of'>;
  readonly metaobjects: Pick<Metaobjects, 'all' | 'byHandle'>;
  /** Each change returns its webhook, which subscribers get too. */
  create(fields: CustomerFields): Message;
  update(id: string, changes: Partial<CustomerFields>): Message;
  enable(id: string): Message;
  disable(id: string): Message;
  remove(id: string): Message;
  /**
   * Merges two customers. The kept one gets the tags of the other.
   * @param options.copies also copies metafields that the kept one lacks, as observed at Shopify but undocumented
   * @param options.failure the merge fails with this reason, and nothing changes
   */
  merge(keptId: string, deletedId: string, options?: { copies?: boolean; failure?: string }): Message;
  addTags(id: string, tags: readonly string[]): Message;
  removeTags(id: string, tags: readonly string[]): Message;
  /** The owner is a customer's gid, the namespace is in full. @returns undefined if the value stands already: Shopify tells of changes only */
  saveMetafield(input: MetafieldInput): Message | undefined;
  /** @returns undefined if there is none */
  removeMetafield(key: MetafieldKey): Message | undefined;
  /** @param input the type may be `$app:…` */
  saveMetaobject(input: MetaobjectInput): Message;
  /** Edits a metaobject's handle; its id stays. */
  renameMetaobject(id: string, handle: string): Message;
  removeMetaobject(id: string): Message;
  /** Undoes a removal. */
  restoreMetaobject(metaobject: Metaobject): Message;
  uninstall(): Message;
  tell(topic: string, body: string): Message;
  /** @returns unsubscribe */
  subscribe(listener: (message: Message) => void): () => void;
}

const FIRST_ID = 706405506930370000n;

/** A simulated Shopify shop: its customers with their metafields, its metaobjects, and the webhooks of their changes. */
export function createShop(options: ShopOptions): Shop {
  const { domain, now, offset, definitions = DEFINITIONS, touches = false } = options;
  const customers = new Map<string, ShopCustomer>();
  const metafields = createMetafields(now);
  const metaobjects = createMetaobjects(now);
  const listeners = new Set<(message: Message) => void>();
  let nextId = FIRST_ID;

  function tell(topic: string, body: string): Message {
    const message = { topic, body, webhookId: randomUUID(), triggeredAt: now() };
    for (const listener of listeners) listener(message);
    return message;
  }

  function change(topic: string, id: string, changes: Partial<ShopCustomer>): Message {
    const changed = { ...customer(id), ...changes };
    customers.set(id, changed);
    return tell(topic, payloads.customerPayload(changed, offset));
  }

  function customer(id: string): ShopCustomer {
    const found = customers.get(id);
    if (found === undefined) throw new Error(`The shop has no customer ${id}`);
    return found;
  }

  const touched = () => (touches ? { updatedAt: now() } : {});
  const ownerOf = ({ ownerId }: { ownerId: string }) => ownerId.replace('gid://shopify/Customer/', '');

  function changeTags(topic: string, id: string, tags: readonly string[], next: readonly string[]): Message {
    customers.set(id, { ...customer(id), tags: next, ...touched() });
    return tell(topic, payloads.tagsPayload(id, tags, now()));
  }

  function removeCustomer(id: string): void {
    customers.delete(id);
    metafields.removeAll(payloads.toGid('Customer', id));
  }

  function unite(keptId: string, deletedId: string, copies: boolean): void {
    const [kept, deleted] = [customer(keptId), customer(deletedId)];
    const tags = [...new Set([...kept.tags, ...deleted.tags])];
    customers.set(keptId, { ...kept, tags, updatedAt: now() });
    const ownerId = payloads.toGid('Customer', keptId);
    for (const { namespace, key, type, value } of metafields.of(payloads.toGid('Customer', deletedId))) {
      const copy = { ownerId, namespace, key };
      if (copies && metafields.find(copy) === undefined) metafields.save({ ...copy, type, value });
    }
    removeCustomer(deletedId);
  }

  return {
    domain,
    offset,
    definitions,
    now,
    customers,
    metafields,
    metaobjects,
    tell,
    create(fields) {
      nextId += 17n;
      const id = String(nextId);
      customers.set(id, { tags: [], ...fields, id, createdAt: now(), updatedAt: now() });
      return change('customers/create', id, {});
    },
    update: (id, changes) => change('customers/update', id, { ...changes, updatedAt: now() }),
    enable: (id) => change('customers/enable', id, { state: 'enabled', updatedAt: now() }),
    disable: (id) => change('customers/disable', id, { state: 'disabled', updatedAt: now() }),
    remove(id) {
      removeCustomer(id);
      return tell('customers/delete', payloads.customerDeletedPayload(id));
    },
    merge(keptId, deletedId, { copies = false, failure } = {}) {
      if (failure === undefined) unite(keptId, deletedId, copies);
      return tell('customers/merge', payloads.mergePayload(keptId, deletedId, failure));
    },
    addTags: (id, tags) =>
      changeTags('customer.tags_added', id, tags, [...new Set([...customer(id).tags, ...tags])]),
    removeTags(id, tags) {
      const next = customer(id).tags.filter((tag) => !tags.includes(tag));
      return changeTags('customer.tags_removed', id, tags, next);
    },
    saveMetafield(input) {
      const { id } = customer(ownerOf(input));
      return metafields.save(input) ? change('customers/update', id, touched()) : undefined;
    },
    removeMetafield(key) {
      const { id } = customer(ownerOf(key));
      return metafields.remove(key) ? change('customers/update', id, touched()) : undefined;
    },
    saveMetaobject(input) {
      const { metaobject, isNew } = metaobjects.save({ ...input, type: toReserved(input.type) });
      const topic = isNew ? 'metaobjects/create' : 'metaobjects/update';
      return tell(topic, payloads.metaobjectPayload(metaobject, offset));
    },
    renameMetaobject(id, handle) {
      const metaobject = metaobjects.rename(id, handle);
      if (metaobject === undefined) throw new Error(`The shop cannot name a metaobject ${id} ${handle}`);
      return tell('metaobjects/update', payloads.metaobjectPayload(metaobject, offset));
    },
    restoreMetaobject(metaobject) {
      metaobjects.restore(metaobject);
      return tell('metaobjects/create', payloads.metaobjectPayload(metaobject, offset));
    },
    removeMetaobject(id) {
      const metaobject = metaobjects.all.get(id);
      if (metaobject === undefined) throw new Error(`The shop has no metaobject ${id}`);
      metaobjects.remove(id);
      return tell('metaobjects/delete', payloads.metaobjectPayload(metaobject, offset));
    },
    uninstall: () => tell('app/uninstalled', payloads.uninstalledPayload(domain)),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
