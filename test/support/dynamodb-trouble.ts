import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';

interface Trouble {
  /** The name of DynamoDB’s exception. */
  readonly name: string;
  /** How many calls it meets. */
  readonly times: number;
  /** Such as `UpdateItemCommand`. */
  readonly command: string;
  /** The end of the table's name. Default: any. */
  readonly table?: string;
}

/** Makes DynamoDB refuse calls as it would at its worst. */
export interface DynamoDBTrouble {
  next(trouble: Trouble): void;
  end(): void;
  /** How many calls met one. */
  readonly met: () => number;
  /** Gives a client what makes its calls meet the trouble. */
  readonly prepare: (client: DynamoDBDocumentClient) => void;
}

const input = z.object({
  TableName: z.string().optional(),
  RequestItems: z.record(z.string(), z.unknown()).default({}),
});

function toException(name: string): Error {
  const message = 'Refused by the test';
  return name === 'ConditionalCheckFailedException'
    ? new ConditionalCheckFailedException({ message, $metadata: {} })
    : Object.assign(new Error(message), { name });
}

export function createDynamoDBTrouble(): DynamoDBTrouble {
  const waiting: (Trouble & { left: number })[] = [];
  let met = 0;

  return {
    next: (trouble) => void waiting.push({ ...trouble, left: trouble.times }),
    end: () => void waiting.splice(0),
    met: () => met,
    prepare(client) {
      client.middlewareStack.add(
        (next, { commandName }) =>
          async (args) => {
            const { TableName, RequestItems } = input.parse(args.input);
            const tables = TableName === undefined ? Object.keys(RequestItems) : [TableName];
            const trouble = waiting.find(
              ({ left, command, table = '' }) =>
                left > 0 && command === commandName && tables.some((one) => one.endsWith(table)),
            );
            if (trouble === undefined) return next(args);
            trouble.left -= 1;
            met += 1;
            throw toException(trouble.name);
          },
        { step: 'initialize', name: 'dynamoDBTrouble', priority: 'low' },
      );
    },
  };
}
