/**
 * Broadcasts messages to all nodes: fast, and without a guarantee. The log is the source of truth: its followers read there what the
 * bus loses.
 */
export interface Bus {
  /** Sends without waiting. A message that can't be sent is dropped. */
  publish(channel: string, message: string): void;
  /**
   * Resolves once every message that is published later will arrive. Without a connection it resolves all the same, within 3 s, and
   * `onReconnect` reports when the subscription is confirmed. One listener per channel; a second one replaces the first. Returns
   * the function that unsubscribes.
   */
  subscribe(channel: string, listener: (message: string) => void): Promise<() => Promise<void>>;
  /** Calls back each time that a connection was made and all subscriptions are confirmed: messages may have been lost before. */
  onReconnect(listener: () => void): void;
  isUp(): boolean;
  stop(): Promise<void>;
}
