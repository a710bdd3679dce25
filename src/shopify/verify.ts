import { createHmac, timingSafeEqual } from 'node:crypto';

/** Whether a body is signed with one of the app's secrets. */
export type Verify = (body: Uint8Array, signature: string | undefined) => boolean;

/**
 * Verifies `X-Shopify-Hmac-Sha256`: base64 of HMAC-SHA256 over the raw body. Several secrets, because Shopify may sign with
 * the old one for up to an hour after a rotation.
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
