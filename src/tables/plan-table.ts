import type { ProvisionedThroughput } from '@aws-sdk/client-dynamodb';
import { compareTable } from './compare-table.ts';
import type { IndexDefinition, TableDefinition } from './definition.ts';
import type { TableState } from './table-state.ts';

/** One step of `apply`, and the line it prints. */
export type Step = { readonly text: string } & (
  | { readonly kind: 'create' | 'enable_ttl' | 'enable_recovery' | 'protect' }
  | { readonly kind: 'await_index'; readonly index: IndexDefinition }
  | {
      readonly kind: 'add_index';
      readonly index: IndexDefinition;
      /** The table's provisioned throughput, which the new index gets too; undefined on demand. */
      readonly throughput: ProvisionedThroughput | undefined;
    }
);

/** The steps that bring a table to its definition. */
export interface TablePlan {
  /** Why `apply` refuses the table, one sentence each. */
  readonly refusals: readonly string[];
  readonly steps: readonly Step[];
  /** Differences that `apply` leaves alone. */
  readonly notes: readonly string[];
}

function throughputOf({ table }: TableState): ProvisionedThroughput | undefined {
  // A table that was never on demand has no summary.
  if (table.BillingModeSummary?.BillingMode === 'PAY_PER_REQUEST') return undefined;
  const { ReadCapacityUnits, WriteCapacityUnits } = table.ProvisionedThroughput ?? {};
  return { ReadCapacityUnits, WriteCapacityUnits };
}

const indexText = ({ name, hash, range, projection }: IndexDefinition) =>
  `${name} (${range === undefined ? hash : `${hash}, ${range}`}; ${projection})`;

function toAddIndex(index: IndexDefinition, throughput: ProvisionedThroughput | undefined): Step {
  const units =
    throughput === undefined
      ? ''
      : ` with the table's ${throughput.ReadCapacityUnits} read and ${throughput.WriteCapacityUnits} write units`;
  return { kind: 'add_index', index, throughput, text: `add index ${indexText(index)}${units}` };
}

function toCreate({ indexes, ttl }: TableDefinition): Step {
  const text = `create it, on demand, with ${indexes.length || 'no'} indexes, the time to live on ${ttl} and, where the engine knows them, point-in-time recovery and deletion protection`;
  return { kind: 'create', text };
}

function planTtl(
  { ttl: attribute }: TableDefinition,
  { ttl, recovery }: TableState,
): { steps: Step[]; notes: string[] } {
  const on = ttl?.TimeToLiveStatus === 'ENABLED' || ttl?.TimeToLiveStatus === 'ENABLING';
  if (on && ttl.AttributeName !== attribute)
    return {
      steps: [],
      notes: [
        `its time to live is on ${ttl.AttributeName} and should be on ${attribute}, or tombstones never go: one attribute per table can have it`,
      ],
    };
  if (on || ttl === undefined) return { steps: [], notes: [] };
  // An engine without backups is a local one and may not support a time to live either.
  const doubt = recovery === undefined ? ', if this engine can' : '';
  return {
    steps: [{ kind: 'enable_ttl', text: `turn the time to live on for ${attribute}${doubt}` }],
    notes: [],
  };
}

/**
 * Plans what `apply` does to bring a table to its definition. Never plans a deletion, nor what the engine does not support.
 * @param state undefined if the table is missing
 */
export function planTable(definition: TableDefinition, state: TableState | undefined): TablePlan {
  if (state === undefined) return { refusals: [], steps: [toCreate(definition)], notes: [] };
  const { refusals, missing, unready } = compareTable(definition, state.table);
  const ttl = planTtl(definition, state);
  const throughput = throughputOf(state);
  const steps: Step[] = [
    ...unready.map((index) => ({
      kind: 'await_index' as const,
      index,
      text: `wait for index ${indexText(index)}, which is being built`,
    })),
    ...missing.map((index) => toAddIndex(index, throughput)),
    ...ttl.steps,
  ];
  if (state.recovery === false)
    steps.push({ kind: 'enable_recovery', text: 'turn point-in-time recovery on' });
  if (state.table.DeletionProtectionEnabled === false)
    steps.push({ kind: 'protect', text: 'turn deletion protection on' });
  return { refusals, steps: refusals.length > 0 ? [] : steps, notes: ttl.notes };
}

/** A table's plan as lines for a person. */
export function planText(name: string, plan: TablePlan): string[] {
  const lines = [
    ...plan.refusals.map((refusal) => `  refused: ${refusal}`),
    ...plan.steps.map((step) => `  ${step.text}`),
    ...plan.notes.map((note) => `  left alone: ${note}`),
  ];
  if (plan.refusals.length + plan.steps.length === 0) lines.unshift('  nothing to do');
  return [`Table ${name}`, ...lines];
}
