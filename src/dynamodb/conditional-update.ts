import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand, type DynamoDBDocumentClient, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { AppError } from '../errors.ts';

export type Item = Readonly<Record<string, unknown>>;

/**
 * Written, with what that used and the attributes that it returns, if they were asked for; or what stood in its way:
 * undefined if the engine does not tell it.
 */
export type Outcome =
  | { readonly written: true; readonly units: number | undefined; readonly returned: Item | undefined }
  | { readonly written: false; readonly existing: Item | undefined };

/** That DynamoDB will never take this write. The SDK has no class for it. */
const isRefusal = (error: unknown) => error instanceof Error && error.name === 'ValidationException';

/**
 * Sends a conditional update. The only place that knows what a failed condition looks like.
 * @throws AppError `item_refused`: the item would be larger than 400 KB, or has attributes that do not go with the update
 */
export async function update(client: DynamoDBDocumentClient, input: UpdateCommandInput): Promise<Outcome> {
  try {
    const { ConsumedCapacity, Attributes: returned } = await client.send(new UpdateCommand(input));
    return { written: true, units: ConsumedCapacity?.CapacityUnits, returned };
  } catch (error) {
    if (isRefusal(error))
      throw new AppError(
        'item_refused',
        'DynamoDB refuses the item: look at what other programs wrote to it',
        {
          cause: error,
        },
      );
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    // The document client does not translate the items of errors.
    return { written: false, existing: error.Item === undefined ? undefined : unmarshall(error.Item) };
  }
}

/** Lets a failure of DynamoDB's out as what it means to a caller; our own errors as they are. */
export async function orStoreFailed<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('store_failed', 'DynamoDB did not carry out the request', { cause });
  }
}
