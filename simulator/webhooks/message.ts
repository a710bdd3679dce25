/** A webhook: its topic and the exact text of its body. */
export interface Message {
  readonly topic: string;
  readonly body: string;
  /** The same for every delivery of this webhook. */
  readonly webhookId?: string;
  readonly triggeredAt?: Date;
}
