import { GetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';

type Item = Readonly<Record<string, unknown>>;

/** Makes queries of indexes answer what stood before; see `IndexLag.through`. */
export interface IndexLag {
  begin(): void;
  end(): void;
  /** A client whose queries of indexes lag when they are told to. */
  through(client: DynamoDBDocumentClient): void;
}

const call = z.looseObject({
  TableName: z.string().optional(),
  IndexName: z.string().optional(),
  Key: z.record(z.string(), z.unknown()).optional(),
  Item: z.record(z.string(), z.unknown()).optional(),
  UpdateExpression: z.string().optional(),
  KeyConditionExpression: z.string().optional(),
  ExpressionAttributeNames: z.record(z.string(), z.string()).default({}),
  ExpressionAttributeValues: z.record(z.string(), z.unknown()).default({}),
  ExclusiveStartKey: z.unknown().optional(),
});
type Call = z.infer<typeof call>;
const answer = z.looseObject({ Items: z.array(z.record(z.string(), z.unknown())) });

function keyOf({ pk, sk, user_id: userId }: Item): Record<string, unknown> {
  return userId === undefined ? { pk, sk } : { user_id: userId };
}

/** Whether an item belongs to a query by `a = :b` and `a <= :b` of its key condition. */
function matches(
  item: Item,
  { KeyConditionExpression = '', ExpressionAttributeNames, ExpressionAttributeValues }: Call,
): boolean {
  return [...KeyConditionExpression.matchAll(/([#\w]+) (=|<=) (:\w+)/g)].every(
    ([, name = '', sign, value = '']) => {
      const has = item[ExpressionAttributeNames[name] ?? name];
      const wanted = ExpressionAttributeValues[value];
      return sign === '='
        ? isDeepStrictEqual(has, wanted)
        : typeof has === 'string' && typeof wanted === 'string' && has <= wanted;
    },
  );
}

/** @param documents a client past the lag */
export function createIndexLag(documents: DynamoDBDocumentClient): IndexLag {
  let isLagging = false;
  /** What stood where something was written since the lag began, by table and key. */
  const before = new Map<string, { readonly table: string; readonly item: Item | undefined }>();
  const toId = (table: string, key: Item) => `${table} ${JSON.stringify(keyOf(key))}`;

  async function remember(table: string, key: Item): Promise<void> {
    const id = toId(table, key);
    if (before.has(id)) return;
    const { Item } = await documents.send(
      new GetCommand({ TableName: table, Key: keyOf(key), ConsistentRead: true }),
    );
    if (!before.has(id)) before.set(id, { table, item: Item });
  }

  function toOlder(query: Call, items: readonly Item[]): Item[] {
    const { TableName: table = '' } = query;
    const unmoved = items.filter((item) => !before.has(toId(table, item)));
    const older = query.ExclusiveStartKey === undefined ? [...before.values()] : [];
    return [
      ...unmoved,
      ...older.flatMap((one) =>
        one.table === table && one.item !== undefined && matches(one.item, query) ? [one.item] : [],
      ),
    ];
  }

  return {
    begin() {
      isLagging = true;
    },
    end() {
      isLagging = false;
      before.clear();
    },
    through(client) {
      client.middlewareStack.add(
        (next, { commandName }) =>
          async (args) => {
            if (!isLagging) return next(args);
            const input = call.parse(args.input);
            const written =
              input.Item ??
              (input.UpdateExpression !== undefined || /Delete/.test(String(commandName))
                ? input.Key
                : undefined);
            if (written !== undefined && input.TableName !== undefined)
              await remember(input.TableName, written);
            const result = await next(args);
            const found = answer.safeParse(result.output).data;
            if (input.IndexName === undefined || found === undefined) return result;
            return { ...result, output: { ...result.output, Items: toOlder(input, found.Items) } };
          },
        { step: 'initialize', name: 'indexLag', priority: 'low' },
      );
    },
  };
}
