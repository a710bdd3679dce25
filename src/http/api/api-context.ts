import type { RequestHandler } from 'express';
import type { SyncContext } from '../../sync/sync-context.ts';
import type { SessionHandler } from './session.ts';

/** The dependencies of the API's routes. */
export interface ApiContext extends SyncContext {
  /** Protects a handler: it runs only for requests with a valid session token. */
  readonly withSession: <Answer>(handler: SessionHandler<Answer>) => RequestHandler;
}
