import { useState } from 'preact/hooks';
import type { Drift } from '../answers.ts';
import { DIFFERENCES, differencesOf, openOf } from '../sync-status.ts';
import { useSpeech } from '../words/locale.ts';
import { useDownload } from './export-button.tsx';
import { Facts } from './facts.tsx';
import { RepairDialog } from './repair-dialog.tsx';

function useVerdict(): (drift: Drift) => readonly [tone: 'success' | 'warning' | 'critical', text: string] {
  const { words, formats } = useSpeech();
  const { sync } = words;
  return (drift) => {
    if (!drift.complete) return ['critical', sync.driftIncomplete];
    if (differencesOf(drift) === 0) return ['success', sync.driftSame];
    if (openOf(drift) > 0) return ['warning', sync.driftOpen];
    return ['success', sync.driftRepaired(drift.repaired, formats.number(drift.repaired))];
  };
}

interface DriftReportProps {
  readonly drift: Drift | null;
  /** Whether the button that starts a job is disabled. */
  readonly blocked: boolean;
  readonly onStarted: () => void;
}

/** The result of the last comparison with Shopify, its differences as a file, and the button to repair them. */
export function DriftReport({ drift, blocked, onStarted }: DriftReportProps) {
  const { words, formats } = useSpeech();
  const { sync } = words;
  const [asking, setAsking] = useState(false);
  const { busy, start } = useDownload();
  const toVerdict = useVerdict();
  if (drift === null)
    return (
      <s-section heading={sync.driftHeading}>
        <s-paragraph>{`${sync.driftNone}. ${sync.driftNoneHint}`}</s-paragraph>
      </s-section>
    );
  const [tone, verdict] = toVerdict(drift);
  const differs = differencesOf(drift) > 0;
  const compared = sync.driftCompared(drift.compared, formats.number(drift.compared));
  return (
    <s-section heading={sync.driftHeading}>
      <s-stack gap="base">
        <s-stack direction="inline" gap="small" alignItems="center">
          <s-badge tone={tone}>{verdict}</s-badge>
          <s-text color="subdued">{`${compared}, ${formats.moment(drift.at)}`}</s-text>
        </s-stack>
        {drift.problem !== null && <s-text tone="critical">{drift.problem}</s-text>}
        {differs && (
          <>
            <Facts
              facts={DIFFERENCES.map((name) => [sync.drift[name], formats.number(drift[name])] as const)}
            />
            <s-stack direction="inline" gap="small">
              {drift.complete && openOf(drift) > 0 && (
                <s-button variant="primary" disabled={blocked} onClick={() => setAsking(true)}>
                  {sync.repair}
                </s-button>
              )}
              <s-button
                loading={busy}
                icon="export"
                onClick={() => void start('/api/sync/drift.csv', 'differences')}
              >
                {sync.driftExport}
              </s-button>
            </s-stack>
          </>
        )}
      </s-stack>
      <RepairDialog
        drift={asking ? drift : undefined}
        onClose={() => setAsking(false)}
        onStarted={onStarted}
      />
    </s-section>
  );
}
