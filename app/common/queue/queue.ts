/** What is sent through a queue. */
export interface QueueMessage {
  /** Chosen by the sender: the same message sent twice counts once. */
  id: string;
  correlationId: string;
  /** JSON. */
  payload: string;
}

/** A message as it was delivered to one receiver. */
export interface Delivery {
  /** Names the message in the log. */
  entry: string;
  /** By which the queue knows the delivery. */
  handle: string;
  /** Those of a message, unless the sender sent something else. */
  fields: Record<string, string>;
  /** How often the message has been delivered, this time included. */
  deliveries: number;
  /** Set when it was delivered too often before and must not be tried again. */
  exhausted: boolean;
}

/** Where messages go to. */
export interface QueueSender {
  send: (message: QueueMessage) => Promise<void>;
  /** Rejects while the queue cannot be reached. */
  check: () => Promise<unknown>;
  close: () => void;
}

/** Messages of a queue by state. Dead ones are counted where they are in the same store. */
export interface Backlog {
  waiting: number;
  pending: number;
  dead?: number;
}

/** Where messages come from. Each of them comes at least once. */
export interface QueueReceiver {
  /** Makes sure that the queue is there. */
  prepare: () => Promise<void>;
  /** Waits for messages, at most 10; what was delivered before and never finished comes first. An abort gives none. */
  receive: (signal: AbortSignal) => Promise<Delivery[]>;
  /** Keeps deliveries that are still worked on from being given to another receiver. */
  extend: (deliveries: readonly Delivery[]) => Promise<void>;
  /** Removes a finished message. */
  finish: (delivery: Delivery) => Promise<void>;
  /** Gives a message back that was not finished. */
  release: (delivery: Delivery) => Promise<void>;
  /**
   * Sets a message aside that can never be finished.
   *
   * @returns whether it is dead now; otherwise the queue delivers it again and sets it aside itself after its last delivery
   */
  reject: (delivery: Delivery, reason: string) => Promise<boolean>;
  backlog: () => Promise<Backlog>;
  close: () => void;
}

/** The most messages that are received at a time. */
export const batchSize = 10;
