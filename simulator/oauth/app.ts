/** The app's credentials and scopes at Shopify. */
export interface App {
  readonly clientId: string;
  /** What merchants have granted. */
  readonly scope: string;
  grantScope(next: string): void;
  /** The current secret, which signs everything. */
  secret(): string;
  /** The current and the previous secrets: all authenticate the app until the old ones are revoked. */
  knows(secret: string): boolean;
  /** Rotates the secret: the new one signs from now on. */
  rotateSecret(next: string): void;
}

export interface AppOptions {
  readonly clientId: string;
  readonly secret: string;
  readonly scope?: string;
}

// A write scope implies its read scope, which Shopify omits from token answers.
const SCOPE = 'write_customers,read_customer_merge,read_metaobjects,write_metaobject_definitions';

export function createApp({ clientId, secret, scope = SCOPE }: AppOptions): App {
  let granted = scope;
  const secrets = [secret];

  return {
    clientId,
    get scope() {
      return granted;
    },
    grantScope: (next) => void (granted = next),
    secret: () => secrets[0] ?? secret,
    knows: (value) => secrets.includes(value),
    rotateSecret: (next) => void secrets.unshift(next),
  };
}
