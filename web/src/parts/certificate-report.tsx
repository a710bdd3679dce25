import { REPORT_COUNTS, type Certificate } from '../answers.ts';
import { useSpeech } from '../words/locale.ts';
import { Facts } from './facts.tsx';

const COUNTS = ['object_count', 'lines_read', ...REPORT_COUNTS] as const;

/** The report of the last import: Shopify's count, the customers read, and their outcomes. */
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
