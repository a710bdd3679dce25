import type { JobStatus } from '../answers.ts';
import { useSpeech } from '../words/locale.ts';

/** With tenths for slow jobs only. */
const rounded = (rate: number) => (rate < 10 ? rate : Math.round(rate));

/** The progress of a job. The sentence is a live region; the bar is hidden from assistive technology. */
export function JobProgress({ job }: { job: JobStatus }) {
  const { words, formats } = useSpeech();
  const { sync } = words;
  const total = job.total === null ? null : formats.number(job.total);
  const facts = [
    job.state === 'waiting' ? sync.waiting : undefined,
    sync.progress(formats.number(job.done), total),
    job.rate_per_second === null ? undefined : sync.rate(formats.number(rounded(job.rate_per_second))),
    job.seconds_left === null ? undefined : sync.left(formats.duration(job.seconds_left)),
  ].filter((fact) => fact !== undefined);
  return (
    <s-stack gap="small">
      <s-text type="strong">{sync.jobs[job.kind]}</s-text>
      <s-progress
        accessibilityLabel={sync.jobs[job.kind]}
        {...(job.total !== null && { value: job.done, max: Math.max(1, job.total) })}
      />
      <p class="status" role="status">
        {facts.join(' · ')}
      </p>
    </s-stack>
  );
}
