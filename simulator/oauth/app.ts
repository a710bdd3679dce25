/** The app as the shops know it. */
export interface App {
  readonly clientId: string;
  readonly scope: string;
  /** Signs everything. */
  secret(): string;
  /** The current one and the ones before it: all authenticate the app until the old ones are revoked. */
  knows(secret: string): boolean;
  /** As in the app's settings: signs with the new one from now on. */
  rotateSecret(next: string): void;
}

export interface AppOptions {
  readonly clientId: string;
  readonly secret: string;
  readonly scope?: string;
}

// A write scope stands for its read scope too, which Shopify leaves out of the tokens' answers.
const SCOPE = 'write_customers,read_customer_merge,read_metaobjects,write_metaobject_definitions';

export function createApp({ clientId, secret, scope = SCOPE }: AppOptions): App {
  const secrets = [secret];

  return {
    clientId,
    scope,
    secret: () => secrets[0] ?? secret,
    knows: (value) => secrets.includes(value),
    rotateSecret: (next) => void secrets.unshift(next),
  };
}
