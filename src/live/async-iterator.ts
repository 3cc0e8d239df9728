import type { ExecutionResult, GraphQLError } from 'graphql';
import type { EncodedFrame, Sink } from './send-queue.ts';
import type { SubscriptionHandle } from './subscription.ts';

/**
 * A subscription as an async iterator, for transports that pull frames. Errors are the last frame. `onEnd` is called when either side
 * ends it.
 */
export function iterateSubscription(
  open: (sink: Sink) => SubscriptionHandle,
  onEnd: () => void,
): AsyncIterableIterator<ExecutionResult> {
  type Result = IteratorResult<ExecutionResult>;
  let resolveNext: ((result: Result) => void) | undefined;
  // Set when the subscription has ended: the result of the next call.
  let last: Result | undefined;

  function settle(result: Result) {
    const resolve = resolveNext;
    resolveNext = undefined;
    resolve?.(result);
  }

  function end(errors?: readonly GraphQLError[]) {
    last = errors ? { value: { errors }, done: false } : { value: undefined, done: true };
    onEnd();
    if (resolveNext) settle(takeLast());
  }

  function takeLast(): Result {
    const result = last as Result;
    last = { value: undefined, done: true };
    return result;
  }

  const sink: Sink = {
    isReady: () => resolveNext !== undefined,
    next: ({ result }: EncodedFrame) => settle({ value: result, done: false }),
    complete: () => end(),
    fail: end,
    disconnect: (error) => end([error]),
  };
  const subscription = open(sink);

  const iterator: AsyncIterableIterator<ExecutionResult> = {
    next: () =>
      new Promise<Result>((resolve) => {
        if (last) return resolve(takeLast());
        resolveNext = resolve;
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
