const DAY_SECONDS = 86_400;

/** The value of a time-to-live attribute in epoch seconds, `days` after the instant. */
export const toExpiry = (instant: Date, days: number): number =>
  Math.floor(instant.getTime() / 1000) + days * DAY_SECONDS;
