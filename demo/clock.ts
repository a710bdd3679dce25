export interface DemoClock {
  readonly now: () => Date;
  /** Changes the shop, each change `seconds` after the previous one. */
  during<T>(change: () => T, stride?: number): T;
  /** Sets the clock to that many seconds before the real time. */
  startAgain(secondsAgo: number): void;
}

/**
 * The shop's clock. Shopify's times have whole seconds and the demo makes many changes in one, so changes get consecutive
 * times in the past. Tokens use the real time.
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
