import {
  isError,
  isNamingPermissions,
  isPlans,
  isRetried,
  isRolesSet,
  isSources,
  isStarted,
  isSyncStatus,
  isUser,
  isUserPage,
  type ErrorCode,
  type FullSyncBody,
  type Plan,
  type Retried,
  type RolesBody,
  type RolesSet,
  type Sources,
  type SyncStatus,
  type User,
  type UserPage,
} from './answers.ts';
import type { Guard } from './guards.ts';

/** Why a request failed. `offline`: no answer. `unreadable`: an answer that its guard rejects. */
export class Problem extends Error {
  readonly code: ErrorCode | 'offline' | 'unreadable';
  /** The access scopes that the app lacks. */
  readonly permissions: readonly string[];

  constructor(code: Problem['code'], options?: ErrorOptions & { readonly permissions?: readonly string[] }) {
    super(code, options);
    this.code = code;
    this.permissions = options?.permissions ?? [];
  }
}

/** Sends a request. App Bridge adds the session token, and renews it if the server requests that. */
async function send(path: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, init);
  } catch (cause) {
    if (init.signal?.aborted) throw cause;
    throw new Problem('offline', { cause });
  }
  if (response.ok) return response;
  const body: unknown = await response.json().catch(() => undefined);
  const permissions = isNamingPermissions(body) ? body.error.permissions : [];
  if (isError(body)) throw new Problem(body.error.code, { permissions });
  throw new Problem('unreadable');
}

async function ask<T>(path: string, guard: Guard<T>, init: RequestInit): Promise<T> {
  const response = await send(path, init);
  const body: unknown = await response.json().catch(() => undefined);
  if (!guard(body)) throw new Problem('unreadable');
  return body;
}

const post = (body?: object): RequestInit => ({
  method: 'POST',
  ...(body && { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
});

export const api = {
  people: (path: string, signal: AbortSignal): Promise<UserPage> => ask(path, isUserPage, { signal }),
  plans: async (signal: AbortSignal): Promise<readonly Plan[]> =>
    (await ask('/api/plans', isPlans, { signal })).items,
  sync: (signal: AbortSignal): Promise<SyncStatus> => ask('/api/sync', isSyncStatus, { signal }),

  /** Undefined if there is no such person. */
  async person(userId: string, signal: AbortSignal): Promise<User | undefined> {
    try {
      return await ask(`/api/users/${encodeURIComponent(userId)}`, isUser, { signal });
    } catch (error) {
      if (error instanceof Problem && error.code === 'user_not_found') return undefined;
      throw error;
    }
  },

  /** Null if Shopify has no such customer. */
  async sources(userId: string, signal: AbortSignal): Promise<Sources | null> {
    try {
      return await ask(`/api/users/${encodeURIComponent(userId)}/sources`, isSources, { signal });
    } catch (error) {
      if (error instanceof Problem && error.code === 'user_not_in_shopify') return null;
      throw error;
    }
  },

  setRoles: (userId: string, roles: RolesBody): Promise<RolesSet> =>
    ask(`/api/users/${encodeURIComponent(userId)}/roles`, isRolesSet, post(roles)),
  reconcile: () => ask('/api/sync/reconcile', isStarted, post()),
  fullSync: (body: FullSyncBody) => ask('/api/sync/full', isStarted, post(body)),
  /** What became of it; `dead_letter`: it still cannot be read. */
  retry: async (deadLetterId: string): Promise<Retried['received']> =>
    (await ask(`/api/dead-letters/${encodeURIComponent(deadLetterId)}/retry`, isRetried, post())).received,
  file: async (path: string): Promise<Blob> => (await send(path, {})).blob(),
};
