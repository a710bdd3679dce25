/** What Shopify sends: the topic and the body's exact text. */
export interface Message {
  readonly topic: string;
  readonly body: string;
  /** The same for every delivery of this webhook. */
  readonly webhookId?: string;
  readonly triggeredAt?: Date;
}
