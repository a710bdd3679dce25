import { useEffect, useRef, useState } from 'preact/hooks';
import { api, Problem } from '../api.ts';
import type { Drift } from '../answers.ts';
import { useSpeech } from '../words/locale.ts';
import { useProblemText } from './states.tsx';

interface RepairDialogProps {
  /** What would be repaired; undefined: the dialog is closed. */
  readonly drift: Drift | undefined;
  readonly onClose: () => void;
  readonly onStarted: () => void;
}

/** Confirms a repair: what it does, and to how many people. */
export function RepairDialog({ drift, onClose, onStarted }: RepairDialogProps) {
  const { words, formats } = useSpeech();
  const { sync } = words;
  const modal = useRef<HTMLElementTagNameMap['s-modal']>(null);
  const [sending, setSending] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const toText = useProblemText();
  const asked = drift !== undefined;

  useEffect(() => {
    setProblem(undefined);
    if (asked) modal.current?.showOverlay();
  }, [asked]);

  const steps = [
    ['add', drift?.missing_here ?? 0],
    ['remove', drift?.extra_here ?? 0],
    ['update', (drift?.stale ?? 0) + (drift?.wrong_entitlements ?? 0)],
  ] as const;

  async function confirm(): Promise<void> {
    if (sending) return;
    setSending(true);
    try {
      await api.compare({ repair: true });
      modal.current?.hideOverlay();
      shopify.toast.show(sync.repairing);
      onStarted();
    } catch (error) {
      setProblem(error instanceof Problem ? error : new Problem('unreadable'));
    } finally {
      setSending(false);
    }
  }

  return (
    <s-modal ref={modal} heading={sync.repairQuestion} onHide={onClose}>
      <s-stack gap="base">
        {problem !== undefined && (
          <s-banner tone="critical" heading={words.problem.actionFailed}>
            <s-paragraph>{toText(problem)}</s-paragraph>
          </s-banner>
        )}
        <s-paragraph>{sync.repairMeaning}</s-paragraph>
        <ul class="steps">
          {steps.map(
            ([step, count]) =>
              count > 0 && <li key={step}>{sync.repairSteps[step](formats.number(count))}</li>,
          )}
        </ul>
      </s-stack>
      <s-button slot="primary-action" variant="primary" loading={sending} onClick={() => void confirm()}>
        {sync.repair}
      </s-button>
      <s-button slot="secondary-actions" onClick={() => modal.current?.hideOverlay()}>
        {words.common.cancel}
      </s-button>
    </s-modal>
  );
}
