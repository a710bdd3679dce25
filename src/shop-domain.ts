/**
 * A shop's permanent domain, lower-case and without a trailing slash: the form in which a shop is a key.
 * Undefined if the value is no such domain.
 */
export function toShopDomain(value: string): string | undefined {
  const domain = value.toLowerCase().replace(/\/$/, '');
  return /^[a-z0-9][a-z0-9-]{0,59}\.myshopify\.com$/.test(domain) ? domain : undefined;
}
