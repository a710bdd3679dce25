import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { z } from 'zod';

/** One call to DynamoDB, and the capacity it used. */
export interface Call {
  /** Such as `GetItemCommand`. */
  readonly command: string;
  /** Capacity units of table and indexes; 0 if the engine does not report them, as for a failed condition. */
  readonly units: number;
}

const output = z.object({ ConsumedCapacity: z.unknown() }).catch({ ConsumedCapacity: undefined });
const capacity = z.object({ CapacityUnits: z.number() });

function toUnits(consumed: unknown): number {
  const list: unknown[] = Array.isArray(consumed) ? consumed : [consumed];
  return list.reduce<number>((sum, entry) => sum + (capacity.safeParse(entry).data?.CapacityUnits ?? 0), 0);
}

/** Makes a client record every call from now on, failed ones too. */
export function countCalls(client: DynamoDBClient): Call[] {
  const calls: Call[] = [];
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        let consumed: unknown;
        try {
          const answer = await next({ ...args, input: { ...args.input, ReturnConsumedCapacity: 'INDEXES' } });
          consumed = output.parse(answer.output).ConsumedCapacity;
          return answer;
        } finally {
          calls.push({ command: String(commandName), units: toUnits(consumed) });
        }
      },
    { step: 'initialize', name: 'countCalls', priority: 'low' },
  );
  return calls;
}
