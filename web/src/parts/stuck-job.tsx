import type { JobStatus } from '../answers.ts';
import { useJobName } from './job-progress.tsx';
import { useSpeech } from '../words/locale.ts';

/** Says that a job gets nowhere: why, since when, and what happens next. */
export function StuckJob({ job }: { job: JobStatus }) {
  const { words, formats } = useSpeech();
  const { stuck } = words;
  const name = useJobName()(job);
  if (job.stalled === null) return null;
  const { since, reason, next_at: next } = job.stalled;
  const isLater = next !== null && Date.parse(next) > Date.now();
  return (
    <s-banner
      tone={job.state === 'failed' ? 'critical' : 'warning'}
      heading={job.state === 'failed' ? stuck.failed : stuck.stalled}
    >
      <s-paragraph>{stuck.reasons[reason] ?? stuck.otherReason}</s-paragraph>
      <s-paragraph>
        {stuck.since(name, formats.moment(since))}{' '}
        {isLater ? stuck.next(formats.moment(next)) : stuck.nextSoon}
      </s-paragraph>
    </s-banner>
  );
}
