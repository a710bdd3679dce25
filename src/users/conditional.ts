import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand, type DynamoDBDocumentClient, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { AppError } from '../errors.ts';

export type Item = Readonly<Record<string, unknown>>;

/** Written, and what that used if it was asked for; or what stood in its way: undefined if the engine does not tell it. */
export type Outcome =
  | { readonly written: true; readonly units: number | undefined }
  | { readonly written: false; readonly standing: Item | undefined };

/** Sends a conditional update. The only place that knows what a failed condition looks like. */
export async function update(client: DynamoDBDocumentClient, input: UpdateCommandInput): Promise<Outcome> {
  try {
    const { ConsumedCapacity } = await client.send(new UpdateCommand(input));
    return { written: true, units: ConsumedCapacity?.CapacityUnits };
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    // The document client does not translate the items of errors.
    return { written: false, standing: error.Item === undefined ? undefined : unmarshall(error.Item) };
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
