import type { Plan } from '../answers.ts';
import { toAddress } from '../router.ts';
import { useSpeech } from '../words/locale.ts';

/** Members by plan as bars, hidden from assistive technology: the numbers are beside them as text. */
export function PlanBars({
  plans,
  members,
}: {
  plans: readonly Plan[];
  members: Readonly<Record<string, number>>;
}) {
  const { formats } = useSpeech();
  const rows = plans
    .toSorted((a, b) => a.tier - b.tier)
    .map((plan) => ({ plan, count: members[plan.id] ?? plan.members }));
  const most = Math.max(1, ...rows.map(({ count }) => count ?? 0));
  return (
    <ul class="bars">
      {rows.map(({ plan, count }) => (
        <li key={plan.id}>
          <s-link href={toAddress('/members', { plan: plan.id })}>{plan.name}</s-link>
          <svg class="bar" aria-hidden="true" preserveAspectRatio="none" viewBox="0 0 100 8">
            <rect class="bar-track" width="100" height="8" rx="1" />
            <rect class="bar-value" width={(100 * (count ?? 0)) / most} height="8" rx="1" />
          </svg>
          <s-text fontVariantNumeric="tabular-nums">{count === null ? '–' : formats.number(count)}</s-text>
        </li>
      ))}
    </ul>
  );
}
