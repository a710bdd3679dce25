/**
 * A shop's permanent domain in lower case without a trailing slash, the form used in keys. Undefined if the value is not
 * such a domain.
 */
export function toShopDomain(value: string): string | undefined {
  const domain = value.toLowerCase().replace(/\/$/, '');
  return /^[a-z0-9][a-z0-9-]{0,59}\.myshopify\.com$/.test(domain) ? domain : undefined;
}
