import { api } from '../api.ts';
import type { Plan } from '../answers.ts';
import { ExportButton } from '../parts/export-button.tsx';
import { PeopleTable } from '../parts/people-table.tsx';
import { Empty, Pending } from '../parts/states.tsx';
import { useResource } from '../resource.ts';
import { go, toAddress, type Place } from '../router.ts';
import { useSpeech } from '../words/locale.ts';

function PlanFacts({ plan }: { plan: Plan }) {
  const { words, formats } = useSpeech();
  const { members } = words;
  const interval = plan.interval === null ? null : (members.intervals[plan.interval] ?? plan.interval);
  const price =
    plan.price === null || Number(plan.price) === 0
      ? members.free
      : members.price(formats.money(plan.price, plan.currency), interval);
  return (
    <div class="facts">
      <s-text type="strong">{price}</s-text>
      {plan.benefits.length > 0 && (
        <s-text color="subdued">{`${members.benefits}: ${plan.benefits.join(', ')}`}</s-text>
      )}
    </div>
  );
}

function PlanMembers({ plan, place }: { plan: Plan; place: Place }) {
  const { words } = useSpeech();
  const cursor = place.params.get('cursor') ?? undefined;
  const path = toAddress('/api/users', { membership_id: plan.id, cursor });
  const people = useResource(path, (signal) => api.people(path, signal));
  if (people.data === undefined) return <Pending resource={people} />;
  if (people.data.items.length === 0 && cursor === undefined)
    return <Empty heading={words.members.empty} hint={words.members.emptyHint} />;
  return <PeopleTable place={place} label={plan.name} people={people} page={people.data} />;
}

/** The people of one plan, newest first. */
export function Members({ place }: { place: Place }) {
  const { words } = useSpeech();
  const plans = useResource('plans', api.plans);
  const chosen = place.params.get('plan');
  const sorted = plans.data?.toSorted((a, b) => a.tier - b.tier) ?? [];
  const plan = sorted.find(({ id }) => id === chosen) ?? sorted[0];

  function body() {
    if (plans.data === undefined) return <Pending resource={plans} />;
    if (plan === undefined) return <Empty heading={words.members.noPlans} hint={words.members.noPlansHint} />;
    return (
      <>
        <div class="filters">
          <s-select
            label={words.members.plan}
            value={plan.id}
            onChange={({ currentTarget }) => go(toAddress('/members', { plan: currentTarget.value }))}
          >
            {sorted.map(({ id, name }) => (
              <s-option key={id} value={id}>
                {name}
              </s-option>
            ))}
          </s-select>
          <PlanFacts plan={plan} />
        </div>
        <PlanMembers key={plan.id} plan={plan} place={place} />
      </>
    );
  }

  return (
    <s-page heading={words.nav.members} inlineSize="large">
      {plan !== undefined && (
        <ExportButton
          path={toAddress('/api/members.csv', { membership_id: plan.id })}
          name={`members-${plan.id}`}
        />
      )}
      <s-section accessibilityLabel={words.nav.members}>{body()}</s-section>
    </s-page>
  );
}
