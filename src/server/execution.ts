import { BREAK, type DocumentNode, type ExecutionArgs, type ExecutionResult, execute, visit } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Viewer } from '../domain/core/viewer.ts';
import { UnauthenticatedError } from '../errors.ts';
import { findAnswerExcess } from '../graphql/core/answer-size.ts';
import { type Context, createContext, type Services } from '../graphql/core/context.ts';
import { checkOperation } from '../graphql/core/operation-check.ts';
import { LIMITS } from '../limits.ts';
import { iterateSubscription } from '../live/async-iterator.ts';
import type { SubscriptionEngine } from '../live/engine.ts';
import type { SubscriptionHandle } from '../live/subscription.ts';
import type { Presence } from '../presence/presence.ts';
import type { Admission } from './admission.ts';
import type { Claims } from './authenticate.ts';
import type { AccessEnd, Connections } from './connections.ts';
import { createIntrospectionCache } from './introspection-cache.ts';

/** Result of authentication. */
export interface Session {
  /** Null without a token. */
  viewer: Viewer | null;
  /** Claims of the token; null without one, and on a websocket, which ends with its token itself. */
  claims: Claims | null;
}

/** Context that Yoga adds to operations over HTTP. */
interface RequestContext {
  request?: { signal?: AbortSignal };
}

export interface ExecutionOptions {
  services: Services;
  live: SubscriptionEngine;
  presence: Pick<Presence, 'trackConnection'>;
  connections: Pick<Connections, 'add'>;
  admission: Pick<Admission, 'countCost' | 'openSocket'>;
  /** Leaves "Did you mean" out of errors about variables. */
  hideSuggestions: boolean;
}

/** Executes operations with Parley's context. Subscriptions over a websocket bypass this plugin: see subscription-socket.ts. */
export function useExecution({ services, hideSuggestions, ...streams }: ExecutionOptions): Plugin<Session> {
  const { admission } = streams;
  const selectsStreamCursor = createCursorDetection();
  const introspections = createIntrospectionCache();
  return {
    onExecute({ setExecuteFn }) {
      setExecuteFn(async (args: ExecutionArgs) => {
        const known = introspections.get(args.document);
        if (known) return known;
        const options = { services, admission, needsCursor: selectsStreamCursor(args.document) };
        const result = await executeOperation({ ...args, hideSuggestions }, options);
        introspections.keep(args.document, result);
        return result;
      });
    },
    onSubscribe({ setSubscribeFn }) {
      setSubscribeFn((args: ExecutionArgs) => subscribeOperation(streams, args));
    },
  };
}

async function executeOperation(
  args: ExecutionArgs,
  {
    services,
    admission,
    needsCursor,
  }: Pick<ExecutionOptions, 'services' | 'admission'> & { needsCursor: boolean },
): Promise<ExecutionResult> {
  const { errors, complexity } = checkOperation(args);
  if (errors.length > 0) return { errors };
  const { viewer } = sessionOf(args);
  if (viewer) await admission.countCost(viewer, complexity);
  const context = createContext(services, viewer);
  // The cursor must be older than all rows of the operation, wherever the field stands.
  if (needsCursor) await readStreamCursor(context);
  const result = await execute({ ...args, contextValue: context });
  const excess = findAnswerExcess(context);
  return withExtensions(excess ? { errors: [excess] } : withFewErrors(result), context.extensions);
}

// The field reports the error.
async function readStreamCursor(context: Context) {
  try {
    await context.streamCursor();
  } catch {
    return;
  }
}

function subscribeOperation(
  { live, presence, admission, connections }: Omit<ExecutionOptions, 'services' | 'hideSuggestions'>,
  args: ExecutionArgs,
): AsyncIterableIterator<ExecutionResult> {
  const { viewer, claims } = sessionOf(args);
  if (!viewer || !claims) throw new UnauthenticatedError();
  let subscription: SubscriptionHandle | undefined;
  const endAccess = (reason: AccessEnd) => {
    // A removed or blocked viewer's subscription ends by itself, at the position of the event.
    if (reason !== 'viewerRevoked') subscription?.fail(new UnauthenticatedError(STREAM_ENDS[reason]));
  };
  const release = admission.openSocket(claims);
  const remove = connections.add({ endAccess }, claims);
  // An event stream makes its viewer online, as a websocket does.
  const untrack = presence.trackConnection(viewer.organizationId, viewer.id);
  const results = iterateSubscription(
    (sink) => {
      subscription = live.open(args, viewer, sink);
      return subscription;
    },
    () => {
      remove();
      untrack();
      release();
    },
  );
  endWithRequest(results, args);
  return results;
}

const STREAM_ENDS = {
  tokenExpired: 'The token has expired. Get a new one, and subscribe again with the last cursor as `after`.',
  keyRevoked:
    'The key that signed the token was revoked. Get a new token, and subscribe again with the last cursor as `after`.',
} as const;

// Yoga does not end the iterator of a client that disconnects before the first byte of the response.
function endWithRequest(results: AsyncIterableIterator<unknown>, args: ExecutionArgs) {
  const signal = (args.contextValue as RequestContext).request?.signal;
  // The client is gone, so that nobody could be told an error.
  const end = () => results.return?.().catch(() => undefined);
  if (signal?.aborted) end();
  else signal?.addEventListener('abort', end, { once: true });
}

function sessionOf(args: ExecutionArgs): Session {
  return args.contextValue as Session;
}

/** Keeps the first errors: each row of a list may have some. */
function withFewErrors(result: ExecutionResult): ExecutionResult {
  const { errors } = result;
  return errors && errors.length > LIMITS.errors
    ? { ...result, errors: errors.slice(0, LIMITS.errors) }
    : result;
}

function withExtensions(result: ExecutionResult, extensions: { cursor?: string }): ExecutionResult {
  return extensions.cursor === undefined
    ? result
    : { ...result, extensions: { ...result.extensions, ...extensions } };
}

/** Detects documents that select streamCursor. Results are memoized, as Yoga caches parsed documents. */
function createCursorDetection() {
  const results = new WeakMap<DocumentNode, boolean>();

  return function selectsStreamCursor(document: DocumentNode): boolean {
    let selects = results.get(document);
    if (selects === undefined) {
      selects = false;
      visit(document, {
        Field(node) {
          if (node.name.value !== 'streamCursor') return undefined;
          selects = true;
          return BREAK;
        },
      });
      results.set(document, selects);
    }
    return selects;
  };
}
