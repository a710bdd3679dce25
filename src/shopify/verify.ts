import { createHmac, timingSafeEqual } from 'node:crypto';

/** Tells whether a body carries one of our secrets' signature. */
export type Verify = (body: Uint8Array, signature: string | undefined) => boolean;

/**
 * Verifies `X-Shopify-Hmac-Sha256`: base64 of HMAC-SHA256 over the body's bytes as received. After a rotation of
 * the client secret Shopify may sign with the old one for up to an hour, hence several secrets.
 */
export function createVerify(secrets: readonly string[]): Verify {
  return function verify(body, signature) {
    if (signature === undefined) return false;
    const given = Buffer.from(signature);
    return secrets.some((secret) => {
      const expected = Buffer.from(createHmac('sha256', secret).update(body).digest('base64'));
      return expected.length === given.length && timingSafeEqual(expected, given);
    });
  };
}
