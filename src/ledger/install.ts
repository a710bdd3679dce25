/** The app's installation in one shop. Instants are UTC ISO 8601 with milliseconds, by Shopify's clock. */
export interface Install {
  /** The latest time at which Shopify confirmed the installation. */
  readonly confirmed_at?: string | undefined;
  /** The start of the current installation. */
  readonly installed_at?: string | undefined;
  readonly uninstalled_at?: string | undefined;
  /** The installation, by its `installed_at`, for which the shop's jobs have been made due. */
  readonly scheduled_for?: string | undefined;
  readonly scopes?: readonly string[] | undefined;
  readonly scopes_at?: string | undefined;
}

export type InstallEvent =
  | { readonly kind: 'confirmed'; readonly at: string }
  | { readonly kind: 'uninstalled'; readonly at: string }
  | { readonly kind: 'scheduled'; readonly at: string }
  | { readonly kind: 'scopes'; readonly at: string; readonly scopes: readonly string[] };

export type InstallStatus = 'unknown' | 'installed' | 'uninstalled';

const later = (a: string | undefined, b: string): string => (a === undefined || a < b ? b : a);

export function statusOf({ confirmed_at, uninstalled_at }: Install): InstallStatus {
  if (confirmed_at === undefined) return uninstalled_at === undefined ? 'unknown' : 'uninstalled';
  return uninstalled_at === undefined || uninstalled_at < confirmed_at ? 'installed' : 'uninstalled';
}

/**
 * The record after an event. Events come in any order, repeated and late: the newest of each kind stands, and the
 * rest follows from those. A late "uninstalled" before a confirmed reinstall reveals a gap without webhooks, so it
 * is another installation, for which everybody has to be read.
 */
export function applyEvent(install: Install, event: InstallEvent): Install {
  if (event.kind === 'scopes') {
    if (install.scopes_at !== undefined && install.scopes_at >= event.at) return install;
    return { ...install, scopes: event.scopes, scopes_at: event.at };
  }
  if (event.kind === 'scheduled')
    return { ...install, scheduled_for: later(install.scheduled_for, event.at) };
  const next =
    event.kind === 'confirmed'
      ? { ...install, confirmed_at: later(install.confirmed_at, event.at) }
      : { ...install, uninstalled_at: later(install.uninstalled_at, event.at) };
  if (statusOf(next) !== 'installed') return next;
  const { installed_at, uninstalled_at, confirmed_at } = next;
  const unbroken =
    installed_at !== undefined && (uninstalled_at === undefined || uninstalled_at < installed_at);
  return unbroken ? next : { ...next, installed_at: confirmed_at };
}
