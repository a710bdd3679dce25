import type { Overrides } from '../../src/rollcall.ts';

/** A clock that nobody waits for. */
export interface FakeClock {
  readonly now: () => Date;
  readonly advance: (milliseconds: number) => void;
  /** For the program: its waits move the clock. */
  readonly overrides: Overrides;
}

/** Time goes on by itself, and by whatever somebody waits. @param startsAgo milliseconds before the real time */
export function createFakeClock(startsAgo = 0): FakeClock {
  let ahead = -startsAgo;
  const now = () => new Date(Date.now() + ahead);
  const advance = (milliseconds: number) => void (ahead += milliseconds);
  return {
    now,
    advance,
    overrides: {
      now,
      async sleep(milliseconds, signal) {
        signal?.throwIfAborted();
        advance(milliseconds);
      },
    },
  };
}
