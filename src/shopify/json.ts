/**
 * JSON.parse in which an integer beyond 2^53 comes as the text of its digits. Shopify's ids have 18 digits and
 * more, and compliance payloads have them as numbers only.
 * @throws SyntaxError
 */
export function parseExact(json: string): unknown {
  return JSON.parse(json, (_key, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' && !Number.isSafeInteger(value) && Number.isInteger(value)
      ? (context?.source ?? value)
      : value,
  );
}
