// Where a number of so many digits, or one with an exponent, begins. In a text it may match as well, which only costs time.
const MAY_BE_LARGE = /(?:^|[\s:,[])-?(?:\d{16}|\d[\d.]*e)/i;

/**
 * JSON.parse in which an integer beyond 2^53 comes as the text of its digits. Shopify's ids have 18 digits and
 * more, and compliance payloads have them as numbers only.
 * @throws SyntaxError
 */
export function parseExact(json: string): unknown {
  // To be asked about each value costs five times as much.
  if (!MAY_BE_LARGE.test(json)) return JSON.parse(json);
  return JSON.parse(json, (_key, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' && !Number.isSafeInteger(value) && Number.isInteger(value)
      ? (context?.source ?? value)
      : value,
  );
}
