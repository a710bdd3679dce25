import type {
  AttributeDefinition,
  CreateTableCommandInput,
  GlobalSecondaryIndex,
  KeySchemaElement,
  ProvisionedThroughput,
  UpdateTableCommandInput,
} from '@aws-sdk/client-dynamodb';

/** A key of string attributes. Every table and index of Rollcall has such a key. */
export interface Key {
  readonly hash: string;
  readonly range?: string;
}

export interface IndexDefinition extends Key {
  readonly name: string;
  readonly projection: 'ALL' | 'KEYS_ONLY';
}

/** A table as data: read to create it, to compare it, to document it and to grant access to it. */
export interface TableDefinition extends Key {
  /** Without the deployment's prefix. */
  readonly name: string;
  readonly indexes: readonly IndexDefinition[];
  /** The time-to-live attribute, in epoch seconds. */
  readonly ttl: string;
  /** The IAM actions of the server, without `dynamodb:`. Its policy allows nothing else. */
  readonly serverActions: readonly string[];
  /** The actions of the `tables` commands on the table's items, in the same form. */
  readonly operatorActions: readonly string[];
}

const keySchema = ({ hash, range }: Key): KeySchemaElement[] => [
  { AttributeName: hash, KeyType: 'HASH' },
  ...(range === undefined ? [] : [{ AttributeName: range, KeyType: 'RANGE' as const }]),
];

/** The attributes of the keys, each once. */
export function keyAttributes(keys: readonly Key[]): string[] {
  const names = keys.flatMap(({ hash, range }) => [hash, range]);
  return [...new Set(names)].filter((name) => name !== undefined);
}

const attributeDefinitions = (keys: readonly Key[]): AttributeDefinition[] =>
  keyAttributes(keys).map((name) => ({ AttributeName: name, AttributeType: 'S' }));

const toIndex = (index: IndexDefinition): GlobalSecondaryIndex => ({
  IndexName: index.name,
  KeySchema: keySchema(index),
  Projection: { ProjectionType: index.projection },
});

/** The properties that CreateTable and CloudFormation share. */
export function tableProperties(definition: TableDefinition) {
  return {
    BillingMode: 'PAY_PER_REQUEST' as const,
    KeySchema: keySchema(definition),
    AttributeDefinitions: attributeDefinitions([definition, ...definition.indexes]),
    ...(definition.indexes.length > 0 && { GlobalSecondaryIndexes: definition.indexes.map(toIndex) }),
  };
}

export function createTableInput(definition: TableDefinition, prefix: string): CreateTableCommandInput {
  return { TableName: prefix + definition.name, ...tableProperties(definition) };
}

/**
 * The UpdateTable input that adds one index; DynamoDB builds one at a time.
 * @param throughput of the index, for a table with provisioned throughput; undefined for one on demand
 */
export function addIndexInput(
  table: string,
  index: IndexDefinition,
  throughput: ProvisionedThroughput | undefined,
): UpdateTableCommandInput {
  return {
    TableName: table,
    AttributeDefinitions: attributeDefinitions([index]),
    GlobalSecondaryIndexUpdates: [
      {
        Create: { ...toIndex(index), ...(throughput !== undefined && { ProvisionedThroughput: throughput }) },
      },
    ],
  };
}
