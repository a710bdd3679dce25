import { api } from '../api.ts';
import type { SyncStatus } from '../answers.ts';
import { PlanBars } from '../parts/bars.tsx';
import { JobProgress } from '../parts/job-progress.tsx';
import { Reauthorize } from '../parts/reauthorize.tsx';
import { StartButton } from '../parts/start-button.tsx';
import { Pending } from '../parts/states.tsx';
import { StuckJob } from '../parts/stuck-job.tsx';
import { Troubles } from '../parts/troubles.tsx';
import { useResource } from '../resource.ts';
import { summaryOf, troublesOf, useSync } from '../sync-status.ts';
import { useSpeech } from '../words/locale.ts';

/** Why nothing is said to be in sync, and until when it was known. */
function useDoubt(): (sync: SyncStatus) => readonly [heading: string, hint: string] {
  const { words, formats } = useSpeech();
  const { home } = words;
  return ({ not_in_sync: reason, reconcile, pending }) => {
    if (reason === 'full_sync_owed') return [home.notComplete, home.notCompleteHint];
    if (reason === 'pending_overdue' && pending.oldest_at !== null)
      return [home.behind, home.behindHint(formats.moment(pending.oldest_at))];
    return [
      home.notKnown,
      reconcile === null ? home.neverKnown : home.notKnownSince(formats.moment(reconcile.at)),
    ];
  };
}

function Summary({ sync, onStarted }: { sync: SyncStatus; onStarted: () => void }) {
  const { home } = useSpeech().words;
  const summary = summaryOf(sync);
  const toDoubt = useDoubt();
  if (summary === 'reauthorize') return <Reauthorize />;
  if (summary === 'stalled' && sync.job !== null) return <StuckJob job={sync.job} />;
  const [tone, heading, hint] = {
    working:
      sync.job?.waiting_for === 'turn'
        ? (['info', home.waiting, home.waitingHint] as const)
        : (['info', home.working, home.workingHint] as const),
    attention: [
      'warning',
      home.attention(troublesOf(sync).length, sync.attention_more),
      sync.in_sync ? home.attentionHint : home.attentionDoubt,
    ] as const,
    // A job that gets nowhere has its own words above.
    stalled: ['warning', ...toDoubt(sync)] as const,
    not_in_sync: ['warning', ...toDoubt(sync)] as const,
    in_sync: ['success', home.inSync, home.inSyncHint] as const,
  }[summary];
  return (
    <s-banner tone={tone} heading={heading}>
      <s-paragraph>{hint}</s-paragraph>
      {summary === 'not_in_sync' && sync.not_in_sync === 'full_sync_owed' && (
        <StartButton slot="secondary-actions" job="full" disabled={false} onStarted={onStarted} />
      )}
    </s-banner>
  );
}

function Headline({ sync, onStarted }: { sync: SyncStatus; onStarted: () => void }) {
  const { words, formats } = useSpeech();
  const last = sync.last_change_at === null ? words.find.unknown : formats.ago(sync.last_change_at);
  return (
    <s-stack gap="base">
      <Summary sync={sync} onStarted={onStarted} />
      <s-stack gap="none">
        <s-text color="subdued">{`${words.home.lastChange}: ${last}`}</s-text>
        {sync.reconcile !== null && (
          <s-text color="subdued">{`${words.home.lastCheck}: ${formats.ago(sync.reconcile.at)}`}</s-text>
        )}
      </s-stack>
      {summaryOf(sync) === 'working' && sync.job !== null && <JobProgress job={sync.job} />}
    </s-stack>
  );
}

function Counts({ counts }: Pick<SyncStatus, 'counts'>) {
  const { words, formats } = useSpeech();
  const { home } = words;
  const shown = [
    [home.everybody, counts?.people, undefined],
    [home.active, counts?.active, undefined],
    [home.authors, counts?.featured_authors, '/featured-authors'],
    [home.admins, counts?.admins, '/admins'],
  ] as const;
  return (
    <s-section heading={home.peopleHeading}>
      <dl class="counts">
        {shown.map(([label, count, href]) => (
          <div key={label}>
            <dt>{href === undefined ? label : <s-link href={href}>{label}</s-link>}</dt>
            <dd>{count === undefined ? '–' : formats.number(count)}</dd>
          </div>
        ))}
      </dl>
      <s-text color="subdued">
        {counts === null ? home.notCounted : home.counted(formats.ago(counts.counted_at))}
      </s-text>
    </s-section>
  );
}

/** Is everything in sync, how many people there are, and what needs the merchant. */
export function Home() {
  const { words } = useSpeech();
  const sync = useSync();
  const plans = useResource('plans', api.plans);

  function body() {
    if (sync.data === undefined) return <Pending resource={sync} />;
    const { counts } = sync.data;
    return (
      <>
        <s-section accessibilityLabel={words.nav.sync}>
          <Headline sync={sync.data} onStarted={sync.reload} />
        </s-section>
        <Counts counts={counts} />
        <Troubles sync={sync.data} />
        {plans.data !== undefined && plans.data.length > 0 && (
          <s-section heading={words.home.plansHeading}>
            <PlanBars plans={plans.data} members={counts?.members ?? {}} />
          </s-section>
        )}
      </>
    );
  }

  return <s-page heading="Rollcall">{body()}</s-page>;
}
