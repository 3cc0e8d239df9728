import type { ExecutionResult, GraphQLError } from 'graphql';

// What may wait for one subscriber.
const MAX_WAITING = 1_000;
const MAX_WAITING_BYTES = 1_048_576;

/** What an event comes to for those who asked the same: made once, sent to each. */
export interface EncodedFrame {
  readonly result: ExecutionResult;
  /** The end of a message of graphql-transport-ws, in UTF-8: the result as JSON, and a brace. */
  readonly body: Buffer;
  /** Where it stands in the stream; undefined for what ends it. */
  readonly cursor: string | undefined;
}

export function encodeFrame(result: ExecutionResult, cursor: string | undefined): EncodedFrame {
  const whole = cursor === undefined ? result : { ...result, extensions: { cursor } };
  return { result: whole, body: Buffer.from(`${JSON.stringify(whole)}}`), cursor };
}

/** One subscriber's end of a transport. */
export interface Sink {
  /** Whether it takes more now; when it does so again, it calls `flush`. */
  isReady(): boolean;
  next(payload: EncodedFrame): void;
  complete(): void;
  fail(errors: readonly GraphQLError[]): void;
  /** Ends the connection as well: whoever it was has no business here any more. */
  disconnect(error: GraphQLError): void;
}

/** Whom an outbox sends to. */
export interface SendQueueOwner extends Pick<Sink, 'isReady' | 'next' | 'complete'> {
  /** What waited was too much, and is given up; this was sent last. */
  overflow(lastCursor: string | null): void;
}

/**
 * Between the stream, which never waits, and one subscriber, who may be slow. It holds at most 1,000 frames or 1 MB; who needs more
 * loses them all, and is told behind which cursor to go on.
 *
 * A class, as all that there is one of for each of thousands of idle subscribers: its methods are there once, where closures would
 * be there for each, and weigh more than what they hold.
 */
export class SendQueue {
  private readonly recipient: SendQueueOwner;
  // Nothing waits for most of them, ever.
  private waiting: EncodedFrame[] | undefined;
  private bytes = 0;
  private isHeld = false;
  private isClosed = false;
  private isEnding = false;
  private lastCursor: string | null = null;
  private wake: (() => void) | undefined;

  constructor(recipient: SendQueueOwner) {
    this.recipient = recipient;
  }

  push(payload: EncodedFrame) {
    if (this.isClosed || this.isEnding) return;
    if (!this.isHeld && !this.waiting && this.recipient.isReady()) return this.send(payload);
    this.waiting ??= [];
    this.waiting.push(payload);
    this.bytes += payload.body.length;
    if (this.waiting.length > MAX_WAITING || this.bytes > MAX_WAITING_BYTES) this.overflow();
  }

  flush() {
    while (this.waiting && !this.isHeld && !this.isClosed && this.recipient.isReady()) {
      const payload = this.waiting.shift() as EncodedFrame;
      if (this.waiting.length === 0) this.waiting = undefined;
      this.bytes -= payload.body.length;
      this.send(payload);
    }
    if (this.waiting || this.isHeld) return;
    this.wake?.();
    if (this.isEnding && !this.isClosed) {
      this.isClosed = true;
      this.recipient.complete();
    }
  }

  /** Gives up what waits. What was sent stays sent, and what comes is not taken. */
  overflow() {
    if (this.isClosed || this.isEnding) return;
    this.clear();
    this.isEnding = true;
    this.isHeld = true;
    this.recipient.overflow(this.lastCursor);
  }

  /** Gives up what waits, and takes nothing but `end`. */
  discard() {
    this.clear();
    this.isEnding = true;
    this.isHeld = true;
    this.wake?.();
  }

  /** Keeps what comes, until `release`. */
  hold() {
    this.isHeld = true;
  }

  /** Sends this before all that is kept, and then that. */
  release(first: EncodedFrame) {
    // What was kept is given up already: what this promises would not come.
    if (this.isEnding) return;
    this.waiting = [first, ...(this.waiting ?? [])];
    this.bytes += first.body.length;
    this.isHeld = false;
    this.flush();
  }

  /** Sends this as the last. */
  end(last: EncodedFrame) {
    this.isEnding = true;
    this.waiting ??= [];
    this.waiting.push(last);
    this.isHeld = false;
    this.flush();
  }

  /** Resolves when nothing waits. */
  async drained() {
    while (this.waiting && !this.isClosed) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    this.wake = undefined;
  }

  /** Sends nothing more. */
  close() {
    this.isClosed = true;
    this.clear();
    this.wake?.();
  }

  private send(payload: EncodedFrame) {
    this.lastCursor = payload.cursor ?? this.lastCursor;
    this.recipient.next(payload);
  }

  private clear() {
    this.waiting = undefined;
    this.bytes = 0;
  }
}
