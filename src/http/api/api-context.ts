import type { RequestHandler } from 'express';
import type { SyncContext } from '../../sync/sync-context.ts';
import type { SessionHandler } from './session.ts';

/** What the routes of the API work with. */
export interface ApiContext extends SyncContext {
  /** Lets a handler answer only requests with a valid session token. */
  readonly withSession: <Answer>(handler: SessionHandler<Answer>) => RequestHandler;
}
