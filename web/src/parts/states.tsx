import type { ComponentChildren } from 'preact';
import { toProblemText } from '../words/problem-text.ts';
import type { Problem } from '../api.ts';
import type { Resource } from '../resource.ts';
import { useSpeech } from '../words/locale.ts';
import { leadsToAdmin, ReopenButton } from './reauthorize.tsx';

/** A placeholder while something loads, to avoid a layout shift. */
function Loading() {
  const { words } = useSpeech();
  return (
    <s-box minBlockSize="320px" paddingBlockStart="large-500">
      <s-stack alignItems="center" gap="base">
        <s-spinner size="large" accessibilityLabel={words.common.loading} />
      </s-stack>
    </s-box>
  );
}

/** The sentence of a problem. The server's messages are for engineers and are not shown. */
export function useProblemText(): (problem: Problem) => string {
  const { words } = useSpeech();
  return (problem) => toProblemText(words, problem);
}

/** What is shown without data: a placeholder, or the error. */
export function Pending({
  resource: { problem, reload },
}: {
  resource: Pick<Resource<unknown>, 'problem' | 'reload'>;
}) {
  return problem === undefined ? <Loading /> : <ProblemBanner problem={problem} onRetry={reload} />;
}

export function ProblemBanner({ problem, onRetry }: { problem: Problem; onRetry: () => void }) {
  const { words } = useSpeech();
  const toText = useProblemText();
  return (
    <s-banner tone="critical" heading={words.problem.heading}>
      <s-paragraph>{toText(problem)}</s-paragraph>
      <s-button slot="secondary-actions" onClick={onRetry}>
        {words.common.retry}
      </s-button>
      {leadsToAdmin(problem) && <ReopenButton />}
    </s-banner>
  );
}

interface EmptyProps {
  readonly heading: string;
  readonly hint: string;
  /** A button in the slot `primary-action` or `secondary-actions`. */
  readonly children?: ComponentChildren;
}

export function Empty({ heading, hint, children }: EmptyProps) {
  return (
    <s-box minBlockSize="320px" paddingBlock="large-300">
      <s-empty-state heading={heading}>
        <s-text slot="subheading">{hint}</s-text>
        {children}
      </s-empty-state>
    </s-box>
  );
}
