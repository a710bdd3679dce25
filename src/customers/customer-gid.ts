/** Shopify's global id of a customer, from decimal digits. */
export const toCustomerGid = (shopifyId: string): string => `gid://shopify/Customer/${shopifyId}`;
