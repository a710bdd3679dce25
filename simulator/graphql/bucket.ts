interface ThrottleStatus {
  readonly maximumAvailable: number;
  readonly currentlyAvailable: number;
  readonly restoreRate: number;
}

export interface Bucket {
  status(): ThrottleStatus;
  /** @returns false, without taking anything, if less than the cost is available */
  take(cost: number): boolean;
  /** Gives back requested points that were not used. */
  giveBack(points: number): void;
}

/** The query budget of one app in one shop, restored continuously. */
export function createBucket(limits: { maximum: number; restoreRate: number; now: () => Date }): Bucket {
  const { maximum, restoreRate, now } = limits;
  let available = maximum;
  let at = now().getTime();

  function restore(): void {
    const time = now().getTime();
    available = Math.min(maximum, available + ((time - at) / 1000) * restoreRate);
    at = time;
  }

  return {
    status() {
      restore();
      return { maximumAvailable: maximum, currentlyAvailable: Math.floor(available), restoreRate };
    },
    take(cost) {
      restore();
      if (available < cost) return false;
      available -= cost;
      return true;
    },
    giveBack(points) {
      available = Math.min(maximum, available + points);
    },
  };
}
