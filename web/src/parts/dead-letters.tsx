import { useState } from 'preact/hooks';
import { api, Problem } from '../api.ts';
import type { DeadLetter } from '../answers.ts';
import { useSpeech } from '../words/locale.ts';
import { useProblemText } from './states.tsx';

interface DeadLettersProps {
  readonly deadLetters: readonly DeadLetter[];
  readonly onRetried: () => void;
}

/** Dead letters, each with a button to retry it. */
export function DeadLetters({ deadLetters, onRetried }: DeadLettersProps) {
  const { words, formats } = useSpeech();
  const { sync } = words;
  const [busy, setBusy] = useState<string>();
  const toText = useProblemText();

  async function retry(id: string): Promise<void> {
    setBusy(id);
    try {
      const received = await api.retry(id);
      if (received === 'dead_letter') shopify.toast.show(sync.stillUnreadable, { isError: true });
      else shopify.toast.show(sync.retried);
    } catch (error) {
      const problem = error instanceof Problem ? error : new Problem('unreadable');
      shopify.toast.show(toText(problem), { isError: true });
    } finally {
      setBusy(undefined);
      onRetried();
    }
  }

  if (deadLetters.length === 0)
    return (
      <s-section heading={sync.deadLettersHeading}>
        <s-paragraph>{sync.deadLettersNone}</s-paragraph>
      </s-section>
    );
  return (
    <s-section heading={sync.deadLettersHeading}>
      <s-table>
        <s-table-header-row>
          <s-table-header listSlot="primary">{sync.topic}</s-table-header>
          <s-table-header listSlot="secondary">{sync.reason}</s-table-header>
          <s-table-header listSlot="labeled">{sync.received}</s-table-header>
          <s-table-header listSlot="inline">{words.person.action}</s-table-header>
        </s-table-header-row>
        <s-table-body>
          {deadLetters.map(({ id, topic, reason, received_at: receivedAt }) => (
            <s-table-row key={id}>
              <s-table-cell>{topic}</s-table-cell>
              <s-table-cell>{reason}</s-table-cell>
              <s-table-cell>{formats.ago(receivedAt)}</s-table-cell>
              <s-table-cell>
                <s-button
                  loading={busy === id}
                  accessibilityLabel={sync.retryOf(topic)}
                  onClick={() => void retry(id)}
                >
                  {words.common.retry}
                </s-button>
              </s-table-cell>
            </s-table-row>
          ))}
        </s-table-body>
      </s-table>
    </s-section>
  );
}
