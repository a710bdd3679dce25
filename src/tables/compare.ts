import type { KeySchemaElement, TableDescription } from '@aws-sdk/client-dynamodb';
import type { Key, TableDefinition } from './definition.ts';

function toText(schema: readonly KeySchemaElement[] | undefined): string {
  return (schema ?? []).map(({ AttributeName, KeyType }) => `${AttributeName} ${KeyType}`).join(', ');
}

function keyText({ hash, range }: Key): string {
  return range === undefined ? `${hash} HASH` : `${hash} HASH, ${range} RANGE`;
}

/**
 * What stands differently from the definition, one sentence each; empty if the table serves. Indexes that
 * somebody else added are no difference.
 */
export function compareTable(definition: TableDefinition, stands: TableDescription): string[] {
  const differences: string[] = [];
  if (toText(stands.KeySchema) !== keyText(definition))
    differences.push(`its key is ${toText(stands.KeySchema)} and must be ${keyText(definition)}`);
  for (const index of definition.indexes) {
    const standing = stands.GlobalSecondaryIndexes?.find(({ IndexName }) => IndexName === index.name);
    if (standing === undefined) {
      differences.push(`index ${index.name} is missing`);
      continue;
    }
    if (toText(standing.KeySchema) !== keyText(index))
      differences.push(
        `the key of index ${index.name} is ${toText(standing.KeySchema)} and must be ${keyText(index)}`,
      );
    const projection = standing.Projection?.ProjectionType;
    if (projection !== 'ALL' && projection !== index.projection)
      differences.push(`index ${index.name} projects ${projection} and must project ${index.projection}`);
  }
  return differences;
}
