import type { SyncAnswer } from '../../src/http/api/types.ts';
import type { Answers } from './stage.ts';
import { plans } from './api-answers.ts';

/** Answers GET /api/sync with the states in order, then always with the last. */
export function statesOf(...states: readonly SyncAnswer[]): Answers {
  let asked = 0;
  return {
    'GET /api/plans': () => ({ body: plans }),
    'GET /api/sync': () => ({ body: states[Math.min(asked++, states.length - 1)] }),
  };
}
