import { useState } from 'preact/hooks';
import { api, Problem } from '../api.ts';
import { useSpeech } from '../words/locale.ts';
import { useProblemText } from './states.tsx';

interface StartButtonProps {
  readonly job: 'full' | 'reconcile';
  readonly slot?: 'primary-action' | 'secondary-actions';
  readonly disabled: boolean;
  readonly onStarted: () => void;
}

/** Starts a job in the background. If one is running already, the server's word on it is shown. */
export function StartButton({ job, slot, disabled, onStarted }: StartButtonProps) {
  const { words } = useSpeech();
  const toText = useProblemText();
  const [busy, setBusy] = useState(false);

  async function start(): Promise<void> {
    setBusy(true);
    try {
      await (job === 'full' ? api.fullSync({ mode: 'apply' }) : api.reconcile());
      shopify.toast.show(words.sync.started[job]);
    } catch (error) {
      const problem = error instanceof Problem ? error : new Problem('unreadable');
      shopify.toast.show(toText(problem), { isError: true });
    } finally {
      setBusy(false);
      onStarted();
    }
  }

  return (
    <s-button
      {...(slot !== undefined && { slot })}
      variant={slot === 'primary-action' ? 'primary' : 'secondary'}
      loading={busy}
      disabled={disabled}
      onClick={() => void start()}
    >
      {words.sync.start[job]}
    </s-button>
  );
}
