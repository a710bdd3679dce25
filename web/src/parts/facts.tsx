interface FactsProps {
  readonly facts: readonly (readonly [label: string, value: string])[];
}

/** Labels with values, in as many columns as fit. */
export function Facts({ facts }: FactsProps) {
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
