import { useSpeech } from '../words/locale.ts';

/** The shop's own admin, by the form that Shopify's library builds too (`auth.buildEmbeddedAppUrl`). */
function appInAdmin(): string | undefined {
  const { shop = '', apiKey } = shopify.config;
  const [, store] = /^([a-z0-9][a-z0-9-]*)\.myshopify\.com$/.exec(shop) ?? [];
  return store && `https://admin.shopify.com/store/${store}/apps/${apiKey}`;
}

/**
 * Says that Shopify does not let the app in any more, and leads to where it is let in again. That is the app's address
 * in the admin: a reload of the frame would not do, as its address names the shop only at first, and without a shop
 * nobody may frame the page.
 */
export function Reauthorize() {
  const { words } = useSpeech();
  const { home } = words;
  const href = appInAdmin();
  return (
    <s-banner tone="critical" heading={home.reauthorize}>
      <s-paragraph>{home.reauthorizeHint}</s-paragraph>
      {href !== undefined && (
        <s-button slot="secondary-actions" href={href} target="_top">
          {home.reopen}
        </s-button>
      )}
    </s-banner>
  );
}
