import type { Certificate, Drift } from '../api-types.ts';
import { useSpeech } from '../words/locale.ts';
import { useDownload } from './export-button.tsx';

const COUNTS = [
  'object_count',
  'lines_read',
  'written',
  'already_newer',
  'duplicate',
  'tombstoned',
  'failed',
] as const;
const DRIFTS = ['missing_here', 'extra_here', 'stale', 'wrong_flags'] as const;

function Facts({ facts }: { facts: readonly (readonly [label: string, value: string])[] }) {
  return (
    <dl class="report">
      {facts.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** The proof of the last import: what Shopify announced, and what became of each customer. */
export function CertificateReport({ certificate }: { certificate: Certificate | null }) {
  const { words, formats } = useSpeech();
  const { sync } = words;
  if (certificate === null)
    return (
      <s-section heading={sync.certificateHeading}>
        <s-paragraph>{`${sync.noCertificate}. ${sync.noCertificateHint}`}</s-paragraph>
      </s-section>
    );
  const labels = sync.certificate;
  return (
    <s-section heading={sync.certificateHeading}>
      <s-stack gap="base">
        <s-stack direction="inline" gap="small" alignItems="center">
          <s-badge tone={certificate.complete ? 'success' : 'critical'}>
            {certificate.complete ? sync.complete : sync.incomplete}
          </s-badge>
          {certificate.problem !== null && <s-text tone="critical">{certificate.problem}</s-text>}
        </s-stack>
        <Facts
          facts={[
            [labels.at, formats.moment(certificate.at)],
            [labels.duration_ms, formats.duration(certificate.duration_ms / 1000)],
            ...COUNTS.map((name) => [labels[name], formats.number(certificate[name])] as const),
          ]}
        />
      </s-stack>
    </s-section>
  );
}

/** What the last comparison with Shopify found, and the list of it as a file. */
export function DriftReport({ drift }: { drift: Drift | null }) {
  const { words, formats } = useSpeech();
  const { sync } = words;
  const { busy, start } = useDownload();
  if (drift === null)
    return (
      <s-section heading={sync.driftHeading}>
        <s-paragraph>{sync.driftNone}</s-paragraph>
      </s-section>
    );
  const same = DRIFTS.every((name) => drift[name] === 0);
  const verdict = same ? sync.driftSame : drift.healed ? sync.driftHealed : sync.driftOpen;
  return (
    <s-section heading={sync.driftHeading}>
      <s-stack gap="base">
        <s-stack direction="inline" gap="small" alignItems="center">
          <s-badge tone={same || drift.healed ? 'success' : 'warning'}>{verdict}</s-badge>
          <s-text color="subdued">{formats.moment(drift.at)}</s-text>
        </s-stack>
        {!same && (
          <>
            <Facts facts={DRIFTS.map((name) => [sync.drift[name], formats.number(drift[name])] as const)} />
            <s-button
              loading={busy}
              icon="export"
              onClick={() => void start('/api/sync/drift.csv', 'differences')}
            >
              {sync.driftExport}
            </s-button>
          </>
        )}
      </s-stack>
    </s-section>
  );
}
