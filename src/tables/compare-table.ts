import type { KeySchemaElement, TableDescription } from '@aws-sdk/client-dynamodb';
import { keyAttributes, type IndexDefinition, type Key, type TableDefinition } from './definition.ts';

/** How an existing table differs from its definition. */
export interface Comparison {
  /** What only an operator can fix, one sentence each: what it is, what it must be, what to do. */
  readonly refusals: readonly string[];
  readonly missing: readonly IndexDefinition[];
  /** Indexes that are still being built and answer no query yet. */
  readonly unready: readonly IndexDefinition[];
}

function toText(schema: readonly KeySchemaElement[] | undefined): string {
  return (schema ?? []).map(({ AttributeName, KeyType }) => `${AttributeName} ${KeyType}`).join(', ');
}

function keyText({ hash, range }: Key): string {
  return range === undefined ? `${hash} HASH` : `${hash} HASH, ${range} RANGE`;
}

/** Why an existing index cannot be used; undefined if it can. A wider projection is fine. */
function refuseIndex(index: IndexDefinition, table: TableDescription): string | undefined {
  const existing = table.GlobalSecondaryIndexes?.find(({ IndexName }) => IndexName === index.name);
  if (existing === undefined) return undefined;
  const remedy = 'delete that index once nothing reads it, then `apply` builds the right one';
  if (existing.IndexStatus === 'DELETING')
    return `index ${index.name} is being deleted: wait until it is gone`;
  if (toText(existing.KeySchema) !== keyText(index))
    return `the key of index ${index.name} is ${toText(existing.KeySchema)} and must be ${keyText(index)}: ${remedy}`;
  const projection = existing.Projection?.ProjectionType;
  if (projection !== 'ALL' && index.projection === 'ALL')
    return `index ${index.name} projects ${projection} and must project ALL: ${remedy}`;
  return undefined;
}

/** Key attributes that are not strings. DynamoDB has one type for an attribute in all keys of a table. */
function refuseTypes(definition: TableDefinition, table: TableDescription): string[] {
  const names = keyAttributes([definition, ...definition.indexes]);
  return (table.AttributeDefinitions ?? [])
    .filter(
      ({ AttributeName, AttributeType }) => names.includes(AttributeName ?? '') && AttributeType !== 'S',
    )
    .map(
      ({ AttributeName, AttributeType }) =>
        `the key attribute ${AttributeName} has the type ${AttributeType} and must be S, a string: copy the rows into a table with string keys`,
    );
}

/** Compares a table with its definition. Additional indexes are no difference. */
export function compareTable(definition: TableDefinition, table: TableDescription): Comparison {
  const key =
    toText(table.KeySchema) === keyText(definition)
      ? []
      : [
          `its key is ${toText(table.KeySchema)} and must be ${keyText(definition)}: a key cannot be changed, copy the rows into a new table or set another TABLE_PREFIX`,
        ];
  const statusOf = ({ name }: IndexDefinition) =>
    table.GlobalSecondaryIndexes?.find(({ IndexName }) => IndexName === name);
  const indexes = definition.indexes.map((index) => refuseIndex(index, table));
  return {
    refusals: [
      ...key,
      ...refuseTypes(definition, table),
      ...indexes.filter((refusal) => refusal !== undefined),
    ],
    missing: definition.indexes.filter((index) => statusOf(index) === undefined),
    unready: definition.indexes.filter((index) => statusOf(index)?.IndexStatus === 'CREATING'),
  };
}
