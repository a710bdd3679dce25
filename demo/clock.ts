export interface DemoClock {
  readonly now: () => Date;
  /** Does something to the shop, with a second of its own for every change. */
  during<T>(change: () => T): T;
}

/**
 * The shop's clock. Shopify's times have whole seconds, and the demo makes many changes in one: so changes are told
 * as if they had happened one second after the other, beginning an hour ago. Tokens live by the real time.
 */
export function createDemoClock(): DemoClock {
  let seconds = Math.floor(Date.now() / 1000) - 3600;
  let changing = false;
  return {
    now: () => (changing ? new Date(++seconds * 1000) : new Date()),
    during(change) {
      changing = true;
      try {
        return change();
      } finally {
        changing = false;
      }
    },
  };
}
