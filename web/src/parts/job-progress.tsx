import type { JobStatus } from '../answers.ts';
import { useSpeech } from '../words/locale.ts';

/** Tenths matter to slow jobs only. */
const rounded = (rate: number) => (rate < 10 ? rate : Math.round(rate));

/** What a job does, in the merchant's words. */
export function useJobName(): (job: JobStatus) => string {
  const { jobs } = useSpeech().words.sync;
  return ({ kind, mode }) => jobs[mode === 'check' ? mode : kind];
}

/** How far a job is. The sentence is a live region; the bar moves without being read out. */
export function JobProgress({ job }: { job: JobStatus }) {
  const { words, formats } = useSpeech();
  const { sync } = words;
  const name = useJobName()(job);
  const total = job.total === null ? null : formats.number(job.total);
  const hasBegun = job.waiting_for === null || job.done > 0;
  const facts = [
    job.waiting_for === null ? undefined : sync.waitingFor[job.waiting_for],
    hasBegun ? sync.progress(formats.number(job.done), total) : undefined,
    job.rate_per_second === null ? undefined : sync.rate(formats.number(rounded(job.rate_per_second))),
    job.seconds_left === null ? undefined : sync.left(formats.duration(job.seconds_left)),
  ].filter((fact) => fact !== undefined);
  return (
    <s-stack gap="small">
      <s-text type="strong">{name}</s-text>
      {job.waiting_for !== 'turn' && (
        <s-progress
          accessibilityLabel={name}
          {...(job.total !== null && { value: job.done, max: Math.max(1, job.total) })}
        />
      )}
      <p class="status" role="status">
        {facts.join(' · ')}
      </p>
      {job.problem !== null && <s-text color="subdued">{job.problem}</s-text>}
    </s-stack>
  );
}
