const MINUTE_MS = 60_000;

/** Whether something of this kind may be logged now: at most one line a minute of each kind, whoever causes it. */
export type LogLimit = (kind: string) => boolean;

export function createLogLimit(now: () => Date): LogLimit {
  const logged = new Map<string, number>();
  return function mayLog(kind) {
    const last = logged.get(kind);
    if (last !== undefined && now().getTime() - last < MINUTE_MS) return false;
    logged.set(kind, now().getTime());
    return true;
  };
}
