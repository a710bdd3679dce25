import type { Metaobject } from '../shop/metaobjects.ts';
import type { ShopCustomer } from '../shop/customer.ts';
import { APP_ID } from '../shop/definitions.ts';
import { toApiTime, toShopTime } from '../shop/time.ts';

export const SHOP_ID = '548380009';

export function toGid(type: string, id: string): string {
  return `gid://shopify/${type}/${id}`;
}

// The numeric id exceeds a JavaScript number's precision, so it is inserted as text.
function withNumericId(id: string, fields: object): string {
  const body = { id: '#', ...fields, admin_graphql_api_id: toGid('Customer', id) };
  return JSON.stringify(body).replace('"#"', id);
}

/** The body of customers/create, update, enable and disable. */
export function customerPayload(customer: ShopCustomer, offset: number): string {
  return withNumericId(customer.id, {
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

export function customerDeletedPayload(id: string): string {
  return withNumericId(id, { tax_exemptions: [] });
}

/** The body of customer.tags_added and customer.tags_removed: only the added or removed tags. */
export function tagsPayload(id: string, tags: readonly string[], now: Date): string {
  return JSON.stringify({ customerId: toGid('Customer', id), tags, occurredAt: now.toISOString() });
}

export function mergePayload(keptId: string, deletedId: string, failure?: string): string {
  return JSON.stringify({
    admin_graphql_api_customer_kept_id: toGid('Customer', keptId),
    admin_graphql_api_customer_deleted_id: toGid('Customer', deletedId),
    admin_graphql_api_job_id: null,
    status: failure === undefined ? 'completed' : 'failed',
    errors:
      failure === undefined ? [] : [{ customer_ids: [1], field: 'merge_in_progress', message: failure }],
  });
}

export function metaobjectPayload(metaobject: Metaobject, offset: number): string {
  return JSON.stringify({
    type: metaobject.type,
    handle: metaobject.handle,
    created_at: toShopTime(metaobject.createdAt, offset),
    updated_at: toShopTime(metaobject.updatedAt, offset),
    display_name: metaobject.fields.name ?? metaobject.handle,
    id: toGid('Metaobject', metaobject.id),
    definition_id: 'gid://shopify/MetaobjectDefinition/222',
    fields: metaobject.fields,
    created_by_staff_id: null,
    created_by_app_id: toGid('ApiClient', APP_ID),
    capabilities: {},
  });
}

/** The body of app/uninstalled: the shop, with null `domain` and `myshopify_domain` as in Shopify's sample. */
export function uninstalledPayload(domain: string): string {
  return JSON.stringify({
    id: Number(SHOP_ID),
    name: domain.split('.')[0],
    email: 'super@supertoys.com',
    domain: null,
    myshopify_domain: domain,
  });
}

export function bulkFinishPayload(operation: {
  readonly gid: string;
  readonly status: string;
  readonly errorCode: string | null;
  readonly createdAt: Date;
  readonly completedAt: Date;
}): string {
  return JSON.stringify({
    admin_graphql_api_id: operation.gid,
    completed_at: toApiTime(operation.completedAt),
    created_at: toApiTime(operation.createdAt),
    error_code: operation.errorCode,
    status: operation.status.toLowerCase(),
    type: 'query',
  });
}
