import { planTable, planText, type TablePlan } from '../tables/plan-table.ts';
import { describeState } from '../tables/table-state.ts';
import { print, printJson } from './print.ts';
import { DEFINITIONS } from './table-definitions.ts';
import { withTables } from './with-tables.ts';

interface NamedPlan {
  /** With its prefix. */
  readonly table: string;
  readonly plan: TablePlan;
}

function printText(plans: readonly NamedPlan[], isRefused: boolean): void {
  for (const { table, plan } of plans) planText(table, plan).forEach(print);
  if (isRefused) print('`apply` changes nothing as long as a table is refused.');
  else if (plans.some(({ plan }) => plan.steps.length > 0))
    print('`npm run tables -- apply` does this. It deletes nothing.');
}

function toJson({ table, plan: { refusals, steps, notes } }: NamedPlan): object {
  return { table, refusals, steps: steps.map(({ kind, text }) => ({ kind, text })), notes };
}

/** Prints how the tables differ from their definitions. Exit code 1 if a table is refused. */
export async function planTables({ json }: { readonly json?: true }): Promise<number> {
  const plans = await withTables(async (context) => {
    const found: NamedPlan[] = [];
    for (const definition of DEFINITIONS) {
      const plan = planTable(definition, await describeState(context, definition));
      found.push({ table: context.prefix + definition.name, plan });
    }
    return found;
  });
  const isRefused = plans.some(({ plan }) => plan.refusals.length > 0);
  if (json === true) printJson({ tables: plans.map(toJson) });
  else printText(plans, isRefused);
  return isRefused ? 1 : 0;
}
