import { AppError } from '../../errors.ts';
import { scopesIn } from '../../shopify/admin/admin-answer.ts';

interface UserError {
  readonly code: string | null;
  readonly message: string;
}

/** Whether `metafieldsSet` refused because a metafield is no longer what its digest says: somebody else was first. */
export const isStale = ({ code }: UserError): boolean => code === 'STALE_OBJECT';

const DENIALS: ReadonlySet<string | null> = new Set(['ACCESS_DENIED', 'APP_NOT_AUTHORIZED']);

function permissionMissing(permissions: readonly string[], cause?: unknown): AppError {
  const named = permissions.length === 0 ? 'a permission' : `the access scope ${permissions.join(' and ')}`;
  return new AppError(
    'permission_missing',
    `The app lacks ${named} in this shop, so nothing was changed: have the merchant approve it`,
    { permissions, cause },
  );
}

/** Why `metafieldsSet` refused. Shopify's own text is kept for the log. */
export function toRefusal({ code, message }: UserError): AppError {
  const cause = new Error(message);
  if (DENIALS.has(code)) return permissionMissing(scopesIn(message), cause);
  return new AppError('roles_refused', `Shopify refuses the metafields: ${code ?? 'no code'}`, { cause });
}

/**
 * Does what needs the app's permissions in the shop.
 * @throws AppError `permission_missing` with the scopes that Shopify names, and whatever `work` throws besides
 */
export async function namingPermissions<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const isDenied = error instanceof AppError && error.reason?.split(', ').includes('access_denied');
    if (!isDenied || error.code !== 'admin_api_refused') throw error;
    throw permissionMissing(error.permissions, error);
  }
}
