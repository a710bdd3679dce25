import type { KeySchemaElement, TableDescription } from '@aws-sdk/client-dynamodb';
import { keyAttributes, type IndexDefinition, type Key, type TableDefinition } from './definition.ts';

/** How a table that stands differs from its definition. */
export interface Comparison {
  /** What nothing but a person can put right, one sentence each: what is, what must be, what to do. */
  readonly refusals: readonly string[];
  readonly missing: readonly IndexDefinition[];
  /** Indexes that are being built: they answer no query yet. */
  readonly unready: readonly IndexDefinition[];
}

function toText(schema: readonly KeySchemaElement[] | undefined): string {
  return (schema ?? []).map(({ AttributeName, KeyType }) => `${AttributeName} ${KeyType}`).join(', ');
}

function keyText({ hash, range }: Key): string {
  return range === undefined ? `${hash} HASH` : `${hash} HASH, ${range} RANGE`;
}

/** What is wrong with an index that stands, or undefined. A projection may hold more than is asked for. */
function refuseIndex(index: IndexDefinition, stands: TableDescription): string | undefined {
  const existing = stands.GlobalSecondaryIndexes?.find(({ IndexName }) => IndexName === index.name);
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

/** Key attributes that stand with another type than string; DynamoDB has one type per attribute and table. */
function refuseTypes(definition: TableDefinition, stands: TableDescription): string[] {
  const names = keyAttributes([definition, ...definition.indexes]);
  return (stands.AttributeDefinitions ?? [])
    .filter(
      ({ AttributeName, AttributeType }) => names.includes(AttributeName ?? '') && AttributeType !== 'S',
    )
    .map(
      ({ AttributeName, AttributeType }) =>
        `the key attribute ${AttributeName} has the type ${AttributeType} and must be S, a string: copy the rows into a table with string keys`,
    );
}

/** Compares a table with its definition. Indexes that somebody else added are no difference. */
export function compareTable(definition: TableDefinition, stands: TableDescription): Comparison {
  const key =
    toText(stands.KeySchema) === keyText(definition)
      ? []
      : [
          `its key is ${toText(stands.KeySchema)} and must be ${keyText(definition)}: a key cannot be changed, copy the rows into a new table or set another TABLE_PREFIX`,
        ];
  const statusOf = ({ name }: IndexDefinition) =>
    stands.GlobalSecondaryIndexes?.find(({ IndexName }) => IndexName === name);
  const indexes = definition.indexes.map((index) => refuseIndex(index, stands));
  return {
    refusals: [
      ...key,
      ...refuseTypes(definition, stands),
      ...indexes.filter((refusal) => refusal !== undefined),
    ],
    missing: definition.indexes.filter((index) => statusOf(index) === undefined),
    unready: definition.indexes.filter((index) => statusOf(index)?.IndexStatus === 'CREATING'),
  };
}
