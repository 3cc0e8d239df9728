import { isAsyncIterable, type Plugin } from 'graphql-yoga';

/**
 * Ends a subscription whose client accepts no event stream. Yoga answers with 406, and would leave it open: its place, its presence and its
 * memory would stay taken for as long as the node lives.
 */
export function useUnacceptedStreamEnd(): Plugin {
  return {
    async onResultProcess({ result, resultProcessor }) {
      if (!resultProcessor && isAsyncIterable(result)) await result[Symbol.asyncIterator]().return?.();
    },
  };
}
