import type { ExecutionResult, GraphQLError } from 'graphql';
import { LIMITS } from '../limits.ts';

/** One frame, serialized once for all subscribers that get it. */
export interface EncodedFrame {
  readonly result: ExecutionResult;
  /** UTF-8 tail of a graphql-transport-ws message: the result as JSON, and a closing brace. */
  readonly body: Buffer;
  /** Position in the stream; undefined for frames without one, such as ResetRequired. */
  readonly cursor: string | undefined;
}

export function encodeFrame(result: ExecutionResult, cursor: string | undefined): EncodedFrame {
  const whole = cursor === undefined ? result : { ...result, extensions: { cursor } };
  return { result: whole, body: Buffer.from(`${JSON.stringify(whole)}}`), cursor };
}

/** The transport's side of one subscription. */
export interface Sink {
  /** False while the transport exerts backpressure. The transport calls `flush` of the subscription when it is ready again. */
  isReady(): boolean;
  next(frame: EncodedFrame): void;
  /** Sends frames with one write. Undefined for transports that take one frame at a time. */
  nextAll?(frames: readonly EncodedFrame[]): void;
  complete(): void;
  fail(errors: readonly GraphQLError[]): void;
  /** Fails the subscription and closes the connection: the viewer has lost access. */
  disconnect(error: GraphQLError): void;
}

/**
 * Frames of one subscriber that wait for the transport, 1,000 frames or 1 MB at the most. Owns the sink: nothing else writes to it.
 *
 * A class, like all that exists once per subscriber: thousands of subscribers are idle, and closures would weigh more than the
 * state that they close over.
 */
export class SendQueue {
  /** Cursor of the newest frame that was sent. */
  lastCursor: string | null = null;
  private readonly sink: Sink;
  // Undefined for most subscribers at most times, which saves an array each.
  private waiting: EncodedFrame[] | undefined;
  // Live frames while the last missed ones are sent.
  private held: EncodedFrame[] | undefined;
  private bytes = 0;
  private isEnding = false;
  private isAwaitingLast = false;
  private isClosed = false;
  private onDrained: (() => void) | undefined;

  constructor(sink: Sink) {
    this.sink = sink;
  }

  /** Whether frames are still taken. */
  get isOpen(): boolean {
    return !this.isEnding && !this.isClosed;
  }

  isReady(): boolean {
    return !this.waiting && this.sink.isReady();
  }

  /** Sends the frame, or queues it. False when the queue exceeds its limits: the caller has to end the subscription. */
  push(frame: EncodedFrame): boolean {
    if (!this.isOpen) return true;
    if (this.held) {
      this.held.push(frame);
      this.bytes += frame.body.length;
    } else if (this.isReady()) this.send(frame);
    else this.enqueue(frame);
    const count = (this.waiting?.length ?? 0) + (this.held?.length ?? 0);
    return count <= LIMITS.waitingFrames && this.bytes <= LIMITS.waitingBytes;
  }

  /** Sends the frames together, or queues them, before those that are held. The caller waits for `drained` before the next ones. */
  pushMissed(frames: readonly EncodedFrame[]) {
    const last = frames.at(-1);
    if (!this.isOpen || !last) return;
    if (this.sink.nextAll && this.isReady()) {
      this.lastCursor = last.cursor ?? this.lastCursor;
      this.sink.nextAll(frames);
      return;
    }
    for (const frame of frames) this.enqueue(frame);
    this.flush();
  }

  /** Sends what waits, as far as the transport takes it. */
  flush() {
    if (this.isAwaitingLast || this.isClosed) return;
    while (this.waiting && this.sink.isReady()) {
      const frame = this.waiting.shift() as EncodedFrame;
      if (this.waiting.length === 0) this.waiting = undefined;
      this.bytes -= frame.body.length;
      this.send(frame);
    }
    if (this.waiting) return;
    this.onDrained?.();
    if (!this.isEnding || this.isClosed) return;
    this.isClosed = true;
    this.sink.complete();
  }

  /** Holds what is pushed until `release`. */
  hold() {
    this.held = [];
  }

  /** Sends this frame, and then those that were held. */
  release(first: EncodedFrame) {
    // The subscription has ended while held; its frames are gone.
    if (!this.isOpen) return;
    this.waiting = [...(this.waiting ?? []), first, ...(this.held ?? [])];
    this.bytes += first.body.length;
    this.held = undefined;
    this.flush();
  }

  /** Drops what waits, and takes no frame but the one of `end`. */
  discard() {
    this.clear();
    this.isEnding = true;
    this.isAwaitingLast = true;
    this.onDrained?.();
  }

  /** Completes the subscription with this frame, after those that wait; held ones are dropped. The first call wins. */
  end(last: EncodedFrame) {
    if (this.isClosed || (this.isEnding && !this.isAwaitingLast)) return;
    this.isEnding = true;
    this.isAwaitingLast = false;
    this.held = undefined;
    this.enqueue(last);
    this.flush();
  }

  /** Ends the subscription with errors at once; what waits is dropped. */
  fail(errors: readonly GraphQLError[]) {
    if (this.isClosed) return;
    this.close();
    this.sink.fail(errors);
  }

  /** Ends the subscription and its connection at once; what waits is dropped. */
  disconnect(error: GraphQLError) {
    if (this.isClosed) return;
    this.close();
    this.sink.disconnect(error);
  }

  /** Resolves when nothing waits, or nothing will be sent any more. */
  async drained() {
    while (this.waiting && this.isOpen) {
      await new Promise<void>((resolve) => {
        this.onDrained = resolve;
      });
    }
    this.onDrained = undefined;
  }

  /** Sends nothing more. */
  close() {
    this.isClosed = true;
    this.clear();
    this.onDrained?.();
  }

  private send(frame: EncodedFrame) {
    this.lastCursor = frame.cursor ?? this.lastCursor;
    this.sink.next(frame);
  }

  private enqueue(frame: EncodedFrame) {
    this.waiting ??= [];
    this.waiting.push(frame);
    this.bytes += frame.body.length;
  }

  private clear() {
    this.waiting = undefined;
    this.held = undefined;
    this.bytes = 0;
  }
}
