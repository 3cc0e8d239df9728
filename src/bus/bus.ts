/**
 * Tells other nodes that something happened. It is fast and may lose what it is told: the log is the truth, and
 * whoever follows it reads there what the bus did not bring.
 */
export interface Bus {
  /** Sends without waiting; what can't be sent is dropped. */
  publish(channel: string, message: string): void;
  /**
   * Resolves once nothing published from now on is missed; when the link is down or hangs all the same, at once or soon,
   * and onRestored tells when it is up. One listener a channel. The result ends the subscription.
   */
  subscribe(channel: string, listener: (message: string) => void): Promise<() => Promise<void>>;
  /** Calls back after the link was down and every subscription is confirmed again. */
  onReconnect(listener: () => void): void;
  isUp(): boolean;
  stop(): Promise<void>;
}
