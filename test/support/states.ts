import type { Answers } from './stage.ts';
import { plans } from './sync-state.ts';

/** Answers GET /api/sync with one state after the other, and with the last one from then on. */
export function statesOf(...states: readonly object[]): Answers {
  let asked = 0;
  return {
    'GET /api/plans': () => ({ body: plans }),
    'GET /api/sync': () => ({ body: states[Math.min(asked++, states.length - 1)] }),
  };
}
