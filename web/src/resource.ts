import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Problem } from './api.ts';

export interface Resource<T> {
  /** The last answer; kept while a newer one loads. */
  readonly data: T | undefined;
  readonly problem: Problem | undefined;
  readonly loading: boolean;
  readonly reload: () => void;
  /** Replaces the data with an action's answer. */
  readonly replace: (data: T) => void;
}

interface State<T> {
  readonly data?: T;
  readonly problem?: Problem;
  readonly loading: boolean;
}

type Load<T> = (signal: AbortSignal) => Promise<T>;

const toProblem = (error: unknown) =>
  error instanceof Problem ? error : new Problem('unreadable', { cause: error });

/** Loads something from the server, again whenever the key changes; only the newest answer counts. */
export function useResource<T>(key: string, load: Load<T>): Resource<T> {
  const [state, setState] = useState<State<T>>({ loading: true });
  const [round, setRound] = useState(0);
  const newest = useRef(load);
  newest.current = load;

  // In a layout effect, so that the request starts before the first paint.
  useLayoutEffect(() => {
    const abort = new AbortController();
    const kept = (old: State<T>) => (old.data === undefined ? {} : { data: old.data });

    async function read(): Promise<void> {
      setState((old) => ({ ...kept(old), loading: true }));
      try {
        const data = await newest.current(abort.signal);
        if (!abort.signal.aborted) setState({ data, loading: false });
      } catch (error) {
        if (!abort.signal.aborted)
          setState((old) => ({ ...kept(old), problem: toProblem(error), loading: false }));
      }
    }
    void read();
    return () => abort.abort();
  }, [key, round]);

  const reload = useCallback(() => setRound((n) => n + 1), []);
  const replace = useCallback((data: T) => setState({ data, loading: false }), []);
  return { data: state.data, problem: state.problem, loading: state.loading, reload, replace };
}

/** Calls back every `ms` while `active` and the tab is visible, and at once when it becomes visible again. */
export function usePolling(active: boolean, callback: () => void, ms: number): void {
  useEffect(() => {
    if (!active) return;
    let timer: number | undefined;
    const stop = () => window.clearInterval(timer);
    function follow(): void {
      stop();
      if (!document.hidden) timer = window.setInterval(callback, ms);
    }
    function see(): void {
      if (!document.hidden) callback();
      follow();
    }
    follow();
    document.addEventListener('visibilitychange', see);
    return () => {
      stop();
      document.removeEventListener('visibilitychange', see);
    };
  }, [active, callback, ms]);
}
