import type { CreateTableCommandInput, GlobalSecondaryIndex } from '@aws-sdk/client-dynamodb';

/** A key of string attributes. Every table and index of Rollcall has such a key. */
export interface Key {
  readonly hash: string;
  readonly range?: string;
}

interface IndexDefinition extends Key {
  readonly name: string;
  readonly projection: 'ALL' | 'KEYS_ONLY';
}

/** A table as data: what creates it, compares it and documents it reads this. */
export interface TableDefinition extends Key {
  /** Without the deployment's prefix. */
  readonly name: string;
  readonly indexes: readonly IndexDefinition[];
  /** The attribute with the time to live, epoch seconds. */
  readonly ttl: string;
}

const keySchema = ({ hash, range }: Key) => [
  { AttributeName: hash, KeyType: 'HASH' as const },
  ...(range === undefined ? [] : [{ AttributeName: range, KeyType: 'RANGE' as const }]),
];

const toIndex = (index: IndexDefinition): GlobalSecondaryIndex => ({
  IndexName: index.name,
  KeySchema: keySchema(index),
  Projection: { ProjectionType: index.projection },
});

/** The CreateTable input for a definition: on demand, all indexes at once. */
export function createTableInput(definition: TableDefinition, prefix: string): CreateTableCommandInput {
  const keys = [definition, ...definition.indexes].flatMap(({ hash, range }) => [hash, range]);
  const attributes = [...new Set(keys)].filter((name) => name !== undefined);
  return {
    TableName: prefix + definition.name,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: keySchema(definition),
    AttributeDefinitions: attributes.map((name) => ({ AttributeName: name, AttributeType: 'S' as const })),
    ...(definition.indexes.length > 0 && { GlobalSecondaryIndexes: definition.indexes.map(toIndex) }),
  };
}
