import type { ExecutionResult, GraphQLError } from 'graphql';

// What may wait for one subscriber.
const MAX_WAITING = 1_000;
const MAX_WAITING_BYTES = 1_048_576;

/** What an event comes to for those who asked the same: made once, sent to each. */
export interface Payload {
  readonly result: ExecutionResult;
  /** The end of a message of graphql-transport-ws, in UTF-8: the result as JSON, and a brace. */
  readonly body: Buffer;
  /** Where it stands in the stream; undefined for what ends it. */
  readonly cursor: string | undefined;
}

export function toPayload(result: ExecutionResult, cursor: string | undefined): Payload {
  const whole = cursor === undefined ? result : { ...result, extensions: { cursor } };
  return { result: whole, body: Buffer.from(`${JSON.stringify(whole)}}`), cursor };
}

/** One subscriber's end of a transport. */
export interface Sink {
  /** Whether it takes more now; when it does so again, it calls `flush`. */
  isReady(): boolean;
  next(payload: Payload): void;
  complete(): void;
  fail(errors: readonly GraphQLError[]): void;
  /** Ends the connection as well: whoever it was has no business here any more. */
  expel(error: GraphQLError): void;
}

export type Outbox = ReturnType<typeof createOutbox>;

/**
 * Between the stream, which never waits, and one subscriber, who may be slow. It holds at most 1,000 frames or 1 MB; who needs more
 * loses them all, and `onOverflow` is told behind which cursor to go on.
 */
export function createOutbox(sink: Sink, onOverflow: (lastCursor: string | null) => void) {
  let waiting: Payload[] = [];
  let bytes = 0;
  let isHeld = false;
  let isClosed = false;
  let isEnding = false;
  let lastCursor: string | null = null;
  let wake: (() => void) | undefined;

  function send(payload: Payload) {
    lastCursor = payload.cursor ?? lastCursor;
    sink.next(payload);
  }

  function flush() {
    while (!isHeld && !isClosed && waiting.length > 0 && sink.isReady()) {
      const payload = waiting.shift() as Payload;
      bytes -= payload.body.length;
      send(payload);
    }
    if (waiting.length > 0 || isHeld) return;
    wake?.();
    if (isEnding && !isClosed) {
      isClosed = true;
      sink.complete();
    }
  }

  function clear() {
    waiting = [];
    bytes = 0;
  }

  function push(payload: Payload) {
    if (isClosed || isEnding) return;
    if (!isHeld && waiting.length === 0 && sink.isReady()) return send(payload);
    waiting.push(payload);
    bytes += payload.body.length;
    if (waiting.length > MAX_WAITING || bytes > MAX_WAITING_BYTES) overflow();
  }

  /** Gives up what waits. What was sent stays sent, and what comes is not taken. */
  function overflow() {
    if (isClosed || isEnding) return;
    clear();
    isEnding = true;
    isHeld = true;
    onOverflow(lastCursor);
  }

  return {
    push,
    /** Gives up what waits, and takes nothing but `end`. */
    discard() {
      clear();
      isEnding = true;
      isHeld = true;
      wake?.();
    },
    overflow,
    flush,
    /** Keeps what comes, until `release`. */
    hold() {
      isHeld = true;
    },
    /** Sends this before all that is kept, and then that. */
    release(first: Payload) {
      // What was kept is given up already: what this promises would not come.
      if (isEnding) return;
      waiting.unshift(first);
      bytes += first.body.length;
      isHeld = false;
      flush();
    },
    /** Sends this as the last. */
    end(last: Payload) {
      isEnding = true;
      waiting.push(last);
      isHeld = false;
      flush();
    },
    /** Resolves when nothing waits. */
    async drained() {
      while (waiting.length > 0 && !isClosed) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    /** Sends nothing more. */
    close() {
      isClosed = true;
      clear();
      wake?.();
    },
  };
}
