/** What a search text names. */
export type Asked = { readonly shopifyId: string } | { readonly userId: string };

const GID = /^gid:\/\/shopify\/Customer\/(\d+)/;
// https://admin.shopify.com/store/toys/customers/1 and https://toys.myshopify.com/admin/customers/1
const ADMIN_URL = /^https?:\/\/[^/]+\/(?:store\/[^/]+|admin)\/customers\/(\d+)/;

/** Reads a Shopify id, a gid, a URL of the admin, or otherwise a user_id; undefined for an empty text. */
export function toAsked(text: string): Asked | undefined {
  const query = text.trim();
  if (query === '') return undefined;
  const [, shopifyId] = GID.exec(query) ?? ADMIN_URL.exec(query) ?? /^(\d+)$/.exec(query) ?? [];
  return shopifyId === undefined ? { userId: query } : { shopifyId };
}
