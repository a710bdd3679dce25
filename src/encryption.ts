import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { AppError } from './errors.ts';

/** Encrypted text with the id of its key, for key rotation. */
interface Sealed {
  readonly key_id: string;
  /** base64: 12 bytes of nonce, 16 bytes of tag, then the ciphertext. */
  readonly sealed: string;
}

export interface Encryption {
  /** The id of the current key, which encrypts. */
  readonly keyId: string;
  /** @param context additional authenticated data: `open` needs the same */
  seal(text: string, context: string): Sealed;
  /** @throws AppError `token_unreadable`: unknown key, other context, or changed data */
  open(sealed: Sealed, context: string): string;
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** The id reveals nothing about the key. */
const toKeyId = (key: Buffer) =>
  createHash('sha256').update('rollcall key id').update(key).digest('hex').slice(0, 8);

/**
 * AES-256-GCM.
 * @param keys 32 bytes each; the first encrypts, all of them decrypt
 */
export function createEncryption(keys: readonly [Buffer, ...Buffer[]]): Encryption {
  const [current] = keys;
  const keyId = toKeyId(current);
  const keysById = new Map(keys.map((key) => [toKeyId(key), key]));

  return {
    keyId,
    seal(text, context) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', current, nonce).setAAD(Buffer.from(context));
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return {
        key_id: keyId,
        sealed: Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64'),
      };
    },
    open({ key_id, sealed }, context) {
      const key = keysById.get(key_id);
      if (key === undefined)
        throw new AppError(
          'token_unreadable',
          `No TOKEN_ENCRYPTION_KEY has the id ${key_id}: set the previous one too`,
        );
      const bytes = Buffer.from(sealed, 'base64');
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAAD(Buffer.from(context)).setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      try {
        const text = decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES));
        return Buffer.concat([text, decipher.final()]).toString('utf8');
      } catch (cause) {
        throw new AppError('token_unreadable', 'A stored token was changed or belongs to another shop', {
          cause,
        });
      }
    },
  };
}
