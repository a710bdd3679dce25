export interface DemoClock {
  readonly now: () => Date;
  /** Does something to the shop, with a time of its own for every change, so many seconds after the one before. */
  during<T>(change: () => T, stride?: number): T;
  /** Goes on from so many seconds before the real time. */
  startAgain(secondsAgo: number): void;
}

/**
 * The shop's clock. Shopify's times have whole seconds, and the demo makes many changes in one: so changes are told
 * as if they had happened one after the other, in the past. Tokens live by the real time.
 */
export function createDemoClock(): DemoClock {
  let seconds = 0;
  let step = 0;
  const realSeconds = () => Math.floor(Date.now() / 1000);
  return {
    now: () => {
      if (step === 0) return new Date();
      seconds += step;
      return new Date(seconds * 1000);
    },
    during(change, stride = 1) {
      step = stride;
      try {
        return change();
      } finally {
        step = 0;
      }
    },
    startAgain(secondsAgo) {
      seconds = realSeconds() - secondsAgo;
    },
  };
}
