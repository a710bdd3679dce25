import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand, type DynamoDBDocumentClient, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { AppError } from '../errors.ts';
import { retry } from '../retry.ts';

export type Item = Readonly<Record<string, unknown>>;

/**
 * Written, with what that used and the attributes that it returns, if they were asked for; or what stood in its way:
 * undefined if the engine does not tell it.
 */
export type Outcome =
  | { readonly written: true; readonly units: number | undefined; readonly returned: Item | undefined }
  | { readonly written: false; readonly existing: Item | undefined };

/** DynamoDB will never accept this write. The SDK has no error class for it. */
const isRefusal = (error: unknown): error is Error =>
  error instanceof Error && error.name === 'ValidationException';

/**
 * DynamoDB's own sentence without what may be a value: what is quoted, is no number where one is needed, or is an e-mail. Of
 * an operand of a wrong type it does not say which: only ADD needs a certain one.
 */
function toSentence({ message }: Error, { UpdateExpression = '' }: UpdateCommandInput): string {
  const [, added] = /\bADD (\w+)/.exec(UpdateExpression) ?? [];
  const attribute = message.includes('operand') && added !== undefined ? ` (${added})` : '';
  const sentence = message
    .replaceAll(/(["'`]).*?\1/g, '…')
    .replace(/(numeric value:).*/s, '$1 …')
    .replaceAll(/\S*@\S*/g, '…')
    .slice(0, 300);
  return sentence + attribute;
}

/** Refusals that are over within milliseconds: another program's transaction on the item, or a burst of writes. */
const MOMENTARY: ReadonlySet<string> = new Set([
  'TransactionConflictException',
  'TransactionInProgressException',
  'ThrottlingException',
  'Throttling',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'LimitExceededException',
]);
/** Together about a tenth of a second. */
const REPETITIONS = { attempts: 5, firstWait: 5 };
/** The SDK itself has repeated what took longer than this. */
const AT_ONCE_MS = 500;

function isMomentary(error: unknown): boolean {
  return error instanceof Error && MOMENTARY.has(error.name);
}

/**
 * Sends a conditional update, again at once while DynamoDB refuses it for a moment. A failed condition is a result, not an
 * error.
 * @throws AppError `item_refused`: the item would exceed 400 KB, or has an attribute of a type the update cannot change
 */
export async function update(client: DynamoDBDocumentClient, input: UpdateCommandInput): Promise<Outcome> {
  const begin = performance.now();
  const shouldRetry = (error: unknown) => isMomentary(error) && performance.now() - begin < AT_ONCE_MS;
  try {
    const { ConsumedCapacity, Attributes: returned } = await retry(
      () => client.send(new UpdateCommand(input)),
      { ...REPETITIONS, shouldRetry },
    );
    return { written: true, units: ConsumedCapacity?.CapacityUnits, returned };
  } catch (error) {
    if (isRefusal(error))
      throw new AppError(
        'item_refused',
        'DynamoDB refuses the item: look at what other programs wrote to it',
        { cause: error, reason: toSentence(error, input) },
      );
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    // The document client does not translate the items of errors.
    return { written: false, existing: error.Item === undefined ? undefined : unmarshall(error.Item) };
  }
}

/** Wraps DynamoDB's errors as `store_failed`; an AppError passes unchanged. */
export async function orStoreFailed<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('store_failed', 'DynamoDB did not carry out the request', { cause });
  }
}
