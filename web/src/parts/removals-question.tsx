import { useRef, useState } from 'preact/hooks';
import { api, Problem } from '../api.ts';
import { useSpeech } from '../words/locale.ts';
import { useProblemText } from './states.tsx';

interface RemovalsQuestionProps {
  /** How many people would be removed. */
  readonly count: number;
  /** Whether nothing may be started now. */
  readonly blocked: boolean;
  readonly onStarted: () => void;
}

/** Asks whether many people who are gone from Shopify may be removed here; a dialog says first what that does. */
export function RemovalsQuestion({ count, blocked, onStarted }: RemovalsQuestionProps) {
  const { words, formats } = useSpeech();
  const { removals, started } = words.sync;
  const modal = useRef<HTMLElementTagNameMap['s-modal']>(null);
  const [sending, setSending] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const toText = useProblemText();
  const shown = formats.number(count);

  function ask(): void {
    setProblem(undefined);
    modal.current?.showOverlay();
  }

  async function confirm(): Promise<void> {
    if (sending) return;
    setSending(true);
    try {
      await api.fullSync({ mode: 'apply', confirm_removals: count });
      modal.current?.hideOverlay();
      shopify.toast.show(started.full);
      onStarted();
    } catch (error) {
      setProblem(error instanceof Problem ? error : new Problem('unreadable'));
    } finally {
      setSending(false);
    }
  }

  return (
    <>
      <s-banner tone="warning" heading={removals.heading(count, shown)}>
        <s-paragraph>{removals.hint}</s-paragraph>
        <s-button slot="secondary-actions" disabled={blocked} onClick={ask}>
          {removals.remove(count, shown)}
        </s-button>
      </s-banner>
      <s-modal ref={modal} heading={removals.question(count, shown)}>
        <s-stack gap="base">
          {problem !== undefined && (
            <s-banner tone="critical" heading={words.problem.actionFailed}>
              <s-paragraph>{toText(problem)}</s-paragraph>
            </s-banner>
          )}
          <s-paragraph>{removals.meaning}</s-paragraph>
        </s-stack>
        <s-button
          slot="primary-action"
          variant="primary"
          tone="critical"
          loading={sending}
          onClick={() => void confirm()}
        >
          {removals.remove(count, shown)}
        </s-button>
        <s-button slot="secondary-actions" onClick={() => modal.current?.hideOverlay()}>
          {words.common.cancel}
        </s-button>
      </s-modal>
    </>
  );
}
