/** Formats of dates and numbers in a locale. Instants are UTC ISO 8601; days are in the user's time zone. */
export interface Formats {
  readonly number: (value: number) => string;
  readonly day: (instant: string) => string;
  readonly moment: (instant: string) => string;
  readonly ago: (instant: string) => string;
  readonly duration: (seconds: number) => string;
  readonly money: (amount: string, currency: string | null) => string;
}

const STEPS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;

/** Creates a format on first use: constructing one is slow. */
function lazily<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

export function createFormats(locale: string): Formats {
  const numbers = lazily(() => new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }));
  const days = lazily(() => new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }));
  const moments = lazily(() => new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }));
  const relative = lazily(() => new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }));

  const date = (format: () => Intl.DateTimeFormat) => (instant: string) => {
    const time = new Date(instant);
    return Number.isNaN(time.getTime()) ? instant : format().format(time);
  };

  function duration(seconds: number): string {
    const [unit, size] = STEPS.find(([, length]) => seconds >= length) ?? (['second', 1] as const);
    const value = Math.max(1, Math.round(seconds / size));
    return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(value);
  }

  function ago(instant: string): string {
    const seconds = (Date.now() - Date.parse(instant)) / 1000;
    if (Number.isNaN(seconds) || seconds >= 86_400 * 7) return date(moments)(instant);
    const [unit, size] = STEPS.find(([, length]) => seconds >= length) ?? (['second', 1] as const);
    return relative().format(-Math.max(0, Math.floor(seconds / size)), unit);
  }

  function money(amount: string, currency: string | null): string {
    const value = Number(amount);
    if (Number.isNaN(value) || currency === null) return amount;
    try {
      return new Intl.NumberFormat(locale, { style: 'currency', currency }).format(value);
    } catch {
      // Merchants may type anything as a plan's currency.
      return `${amount} ${currency}`;
    }
  }

  return {
    number: (value) => numbers().format(value),
    day: date(days),
    moment: date(moments),
    ago,
    duration,
    money,
  };
}
