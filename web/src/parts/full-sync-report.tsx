import { DIFFERENCES, OUTCOMES, type FullSync } from '../answers.ts';
import { differencesOf } from '../sync-status.ts';
import { useSpeech } from '../words/locale.ts';
import { useDownload } from './export-button.tsx';
import { Facts } from './facts.tsx';

/** How people here differed from Shopify, or do where nothing was put right, and the list of it as a file. */
function Differences({ full }: { full: FullSync }) {
  const { words, formats } = useSpeech();
  const { sync } = words;
  const { busy, start } = useDownload();
  const isRepaired = full.mode === 'apply';
  if (differencesOf(full) === 0) return <s-paragraph>{sync.noDifference}</s-paragraph>;
  const { differences, removed } = full;
  const labels = isRepaired ? sync.repaired : sync.differences;
  const found = isRepaired ? { ...differences, extra_here: removed } : differences;
  // Whom nobody has confirmed, or who is looked at once more before they go.
  const left = isRepaired ? full.extra_here : 0;
  return (
    <>
      <s-heading>{isRepaired ? sync.repairedHeading : sync.differencesHeading}</s-heading>
      <Facts
        facts={[
          ...DIFFERENCES.map((name) => [labels[name], formats.number(found[name])] as const),
          ...(left > 0 ? [[sync.stillHere, formats.number(left)] as const] : []),
        ]}
      />
      <s-stack direction="inline">
        <s-button
          loading={busy}
          icon="export"
          onClick={() => void start('/api/sync/differences.csv', 'differences')}
        >
          {sync.differencesExport}
        </s-button>
      </s-stack>
    </>
  );
}

/** The proof of the last full sync: how many customers Shopify listed, what became of each, and what was different. */
export function FullSyncReport({ full }: { full: FullSync | null }) {
  const { words, formats } = useSpeech();
  const { sync } = words;
  if (full === null)
    return (
      <s-section heading={sync.fullHeading}>
        <s-paragraph>{`${sync.fullNone}. ${sync.fullNoneHint}`}</s-paragraph>
      </s-section>
    );
  const outcomes = OUTCOMES.flatMap((name) => {
    const count = full[name];
    return count === null ? [] : [[sync.outcomes[name], formats.number(count)] as const];
  });
  return (
    <s-section heading={sync.fullHeading}>
      <s-stack gap="base">
        <s-stack direction="inline" gap="small" alignItems="center">
          <s-badge tone={full.complete ? 'success' : 'critical'}>
            {full.complete ? sync.complete : sync.incomplete}
          </s-badge>
          <s-text color="subdued">
            {sync.fullAt(formats.moment(full.finished_at), formats.duration(full.duration_ms / 1000))}
          </s-text>
        </s-stack>
        {full.problem !== null && <s-text tone="critical">{full.problem}</s-text>}
        {full.mode === 'check' && <s-paragraph>{sync.checkedOnly}</s-paragraph>}
        <Facts facts={[[sync.listed, formats.number(full.listed)], ...outcomes]} />
        <Differences full={full} />
      </s-stack>
    </s-section>
  );
}
