import type { JobStatus, SyncStatus } from '../answers.ts';
import { DeadLetters } from '../parts/dead-letters.tsx';
import { FullSyncReport } from '../parts/full-sync-report.tsx';
import { JobProgress } from '../parts/job-progress.tsx';
import { Reauthorize } from '../parts/reauthorize.tsx';
import { RemovalsQuestion } from '../parts/removals-question.tsx';
import { StartButton } from '../parts/start-button.tsx';
import { Pending } from '../parts/states.tsx';
import { StuckJob } from '../parts/stuck-job.tsx';
import { removalsOf, summaryOf, useSync } from '../sync-status.ts';
import { useSpeech } from '../words/locale.ts';

function Job({ job }: { job: JobStatus | null }) {
  const { sync } = useSpeech().words;
  if (job === null) return <s-text color="subdued">{sync.idle}</s-text>;
  return job.stalled === null ? <JobProgress job={job} /> : <StuckJob job={job} />;
}

function Reconcile({ sync: { reconcile, pending } }: { sync: SyncStatus }) {
  const { words, formats } = useSpeech();
  const { sync: text } = words;
  const { count, more, oldest_at: oldest } = pending;
  return (
    <s-section heading={text.reconcileHeading}>
      <s-stack gap="small">
        <s-paragraph>
          {reconcile === null
            ? text.reconcileNone
            : text.reconcileSaid(formats.number(reconcile.changes), formats.number(reconcile.repaired))}
        </s-paragraph>
        {reconcile !== null && <s-text color="subdued">{formats.moment(reconcile.at)}</s-text>}
        {oldest !== null && (
          <s-text color="subdued">
            {text.pending(more ? null : count, formats.number(count), formats.ago(oldest))}
          </s-text>
        )}
      </s-stack>
    </s-section>
  );
}

/** What keeps the people in step with Shopify: jobs to start, and what the last ones found. */
export function SyncView() {
  const { words } = useSpeech();
  const sync = useSync();
  const { data } = sync;
  const summary = data === undefined ? undefined : summaryOf(data);
  const blocked = summary === undefined || summary === 'working' || summary === 'reauthorize';

  function body() {
    if (data === undefined) return <Pending resource={sync} />;
    const removals = removalsOf(data);
    return (
      <>
        {summary === 'reauthorize' && <Reauthorize />}
        {removals !== undefined && (
          <RemovalsQuestion count={removals} blocked={blocked} onStarted={sync.reload} />
        )}
        <s-section heading={words.sync.jobHeading}>
          <div class="job">
            <Job job={data.job} />
          </div>
        </s-section>
        <FullSyncReport full={data.full} />
        <Reconcile sync={data} />
        <DeadLetters deadLetters={data.dead_letters} onRetried={sync.reload} />
      </>
    );
  }

  return (
    <s-page heading={words.nav.sync}>
      <StartButton slot="primary-action" job="full" disabled={blocked} onStarted={sync.reload} />
      <StartButton slot="secondary-actions" job="reconcile" disabled={blocked} onStarted={sync.reload} />
      {body()}
    </s-page>
  );
}
