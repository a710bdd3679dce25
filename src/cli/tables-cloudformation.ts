import { toTemplate } from '../tables/template.ts';
import { printJson } from './print.ts';
import { DEFINITIONS } from './table-definitions.ts';

/** Prints the template that infra/cloudformation.json holds. */
export function printTemplate(): void {
  printJson(toTemplate(DEFINITIONS));
}
