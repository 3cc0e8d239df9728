import type { ExecutionResult, GraphQLError } from 'graphql';
import type { EncodedFrame, Sink } from './send-queue.ts';
import type { SubscriptionHandle } from './subscription.ts';

/** A subscription as an iterator, for transports that ask for one frame after the other; `onEnd` hears of its end, from either side. */
export function iterateSubscription(
  open: (sink: Sink) => SubscriptionHandle,
  onEnd: () => void,
): AsyncIterableIterator<ExecutionResult> {
  type Result = IteratorResult<ExecutionResult>;
  let take: ((result: Result) => void) | undefined;
  // What ended it, told to whoever asks next.
  let last: Result | undefined;

  function give(result: Result) {
    const taken = take;
    take = undefined;
    taken?.(result);
  }

  function end(errors?: readonly GraphQLError[]) {
    last = errors ? { value: { errors }, done: false } : { value: undefined, done: true };
    onEnd();
    if (take) give(takeLast());
  }

  function takeLast(): Result {
    const result = last as Result;
    last = { value: undefined, done: true };
    return result;
  }

  const sink: Sink = {
    isReady: () => take !== undefined,
    next: ({ result }: EncodedFrame) => give({ value: result, done: false }),
    complete: () => end(),
    fail: end,
    disconnect: (error) => end([error]),
  };
  const subscription = open(sink);

  const iterator: AsyncIterableIterator<ExecutionResult> = {
    next: () =>
      new Promise<Result>((resolve) => {
        if (last) return resolve(takeLast());
        take = resolve;
        subscription.flush();
      }),
    async return() {
      subscription.close();
      end();
      return { value: undefined, done: true };
    },
    [Symbol.asyncIterator]: () => iterator,
  };
  return iterator;
}
