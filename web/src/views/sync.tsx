import type { SyncStatus } from '../answers.ts';
import { CertificateReport } from '../parts/certificate-report.tsx';
import { DeadLetters } from '../parts/dead-letters.tsx';
import { DriftReport } from '../parts/drift-report.tsx';
import { JobProgress } from '../parts/job-progress.tsx';
import { Reauthorize } from '../parts/reauthorize.tsx';
import { StartButton } from '../parts/start-button.tsx';
import { Pending } from '../parts/states.tsx';
import { summaryOf, useSync } from '../sync-status.ts';
import { useSpeech } from '../words/locale.ts';

function Reconcile({ sync }: { sync: SyncStatus }) {
  const { words, formats } = useSpeech();
  const { sync: text } = words;
  const { reconcile, oldest_pending_at: oldest } = sync;
  return (
    <s-section heading={text.reconcileHeading}>
      <s-stack gap="small">
        <s-paragraph>
          {reconcile === null
            ? text.reconcileNone
            : text.reconcileSaid(formats.number(reconcile.changes), formats.number(reconcile.repaired))}
        </s-paragraph>
        {reconcile !== null && <s-text color="subdued">{formats.moment(reconcile.at)}</s-text>}
        {oldest !== null && <s-text color="subdued">{`${text.oldest}: ${formats.ago(oldest)}`}</s-text>}
      </s-stack>
    </s-section>
  );
}

/** The sync with Shopify: jobs to start, and the results of the last ones. */
export function SyncView() {
  const { words } = useSpeech();
  const sync = useSync();
  const { data } = sync;
  const summary = data === undefined ? undefined : summaryOf(data);
  const blocked = summary === undefined || summary === 'working' || summary === 'reauthorize';

  function body() {
    if (data === undefined) return <Pending resource={sync} />;
    return (
      <>
        {summary === 'reauthorize' && <Reauthorize />}
        <s-section heading={words.sync.jobHeading}>
          <div class="job">
            {data.job === null ? (
              <s-text color="subdued">{words.sync.idle}</s-text>
            ) : (
              <JobProgress job={data.job} />
            )}
          </div>
        </s-section>
        <CertificateReport certificate={data.certificate} />
        <Reconcile sync={data} />
        <DriftReport drift={data.drift} blocked={blocked} onStarted={sync.reload} />
        <DeadLetters deadLetters={data.dead_letters} onRetried={sync.reload} />
      </>
    );
  }

  return (
    <s-page heading={words.nav.sync}>
      <StartButton slot="primary-action" job="backfill" disabled={blocked} onStarted={sync.reload} />
      <StartButton
        slot="secondary-actions"
        job="reconcile"
        disabled={blocked}
        onStarted={sync.expectReconcile}
      />
      <StartButton slot="secondary-actions" job="compare" disabled={blocked} onStarted={sync.reload} />
      {body()}
    </s-page>
  );
}
