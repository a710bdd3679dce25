import type { Problem } from '../api.ts';
import { useSpeech } from '../words/locale.ts';

/** The app's URL in the admin, in the form of `auth.buildEmbeddedAppUrl` of Shopify's library. */
function appInAdmin(): string | undefined {
  const { shop = '', apiKey } = shopify.config;
  const [, store] = /^([a-z0-9][a-z0-9-]*)\.myshopify\.com$/.exec(shop) ?? [];
  return store && `https://admin.shopify.com/store/${store}/apps/${apiKey}`;
}

/** Whether opening the app again may resolve a problem: Shopify then asks for what the app lacks. */
export const leadsToAdmin = ({ code }: Problem): boolean =>
  code === 'reauthorization_needed' || code === 'permission_missing';

/** Leads to the app in the admin. For the slot `secondary-actions` of a banner. */
export function ReopenButton() {
  const { home } = useSpeech().words;
  const href = appInAdmin();
  if (href === undefined) return null;
  return (
    <s-button slot="secondary-actions" href={href} target="_top">
      {home.reopen}
    </s-button>
  );
}

/**
 * Says that the app must be reauthorized, and links to the app in the admin, which does it. Reloading the frame does not
 * work: after a navigation its URL lacks `?shop=`, without which the page may not be framed.
 */
export function Reauthorize() {
  const { words } = useSpeech();
  const { home } = words;
  return (
    <s-banner tone="critical" heading={home.reauthorize}>
      <s-paragraph>{home.reauthorizeHint}</s-paragraph>
      <ReopenButton />
    </s-banner>
  );
}
