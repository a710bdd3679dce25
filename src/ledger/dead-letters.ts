import { PutCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { AppError } from '../errors.ts';

/** An authentic delivery that cannot be read. */
interface DeadLetter {
  readonly shop: string;
  readonly topic: string;
  /** Shopify's id of the delivery: the same delivery once more replaces its letter. */
  readonly webhookId: string;
  readonly body: Uint8Array;
  /** What is wrong, without any value of the body. */
  readonly reason: string;
}

export interface DeadLetters {
  /** @throws AppError `store_failed` */
  put(letter: DeadLetter): Promise<void>;
}

export interface DeadLettersDeps {
  readonly client: DynamoDBDocumentClient;
  /** The ledger's full name. */
  readonly table: string;
  readonly now: () => Date;
}

const DAYS = 30;
// An item holds 400 KB; a webhook's body up to 5 MB.
const PART_BYTES = 350_000;

/** Deliveries set aside for a person to look at; they are gone after 30 days. */
export function createDeadLetters({ client, table, now }: DeadLettersDeps): DeadLetters {
  async function putLetter({ shop, topic, webhookId, body, reason }: DeadLetter): Promise<void> {
    const pk = `${shop}#dead_letter`;
    const expires_at = Math.floor(now().getTime() / 1000) + DAYS * 86_400;
    const parts = Math.ceil(body.length / PART_BYTES);
    for (let part = 1; part < parts; part += 1) {
      const bytes = body.subarray(part * PART_BYTES, (part + 1) * PART_BYTES);
      const Item = { pk: `${pk}#${webhookId}`, sk: `part#${part}`, body: bytes, expires_at };
      await client.send(new PutCommand({ TableName: table, Item }));
    }
    // The letter itself comes last: whoever sees it has all of its parts.
    const Item = {
      pk,
      sk: webhookId,
      topic,
      reason,
      received_at: now().toISOString(),
      parts,
      body: body.subarray(0, PART_BYTES),
      expires_at,
    };
    await client.send(new PutCommand({ TableName: table, Item }));
  }

  return {
    async put(letter) {
      try {
        await putLetter(letter);
      } catch (cause) {
        throw new AppError('store_failed', 'DynamoDB did not keep the dead letter', { cause });
      }
    },
  };
}
