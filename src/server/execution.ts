import { BREAK, type DocumentNode, type ExecutionArgs, type ExecutionResult, execute, visit } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Viewer } from '../domain/core/viewer.ts';
import { UnauthenticatedError } from '../errors.ts';
import { type Context, createContext, type Services } from '../graphql/core/context.ts';
import { findInputIssue } from '../graphql/core/input-check.ts';
import { iterateSubscription } from '../live/async-iterator.ts';
import type { SubscriptionEngine } from '../live/engine.ts';
import type { Presence } from '../presence/presence.ts';

/** What authentication leaves for execution. */
export interface Session {
  viewer: Viewer | null;
}

/** What Yoga adds for a request over HTTP. */
interface RequestContext {
  request?: { signal?: AbortSignal };
}

export interface ExecutionOptions {
  services: Services;
  live: SubscriptionEngine;
  presence: Pick<Presence, 'trackConnection'>;
}

/** Runs operations with a context of Parley's own. What is subscribed to over a websocket does not come by here. */
export function useExecution({ services, live, presence }: ExecutionOptions): Plugin<Session> {
  return {
    onExecute({ setExecuteFn }) {
      setExecuteFn((args: ExecutionArgs) => executeOperation(services, args));
    },
    onSubscribe({ setSubscribeFn }) {
      setSubscribeFn((args: ExecutionArgs) => subscribeOperation({ live, presence }, args));
    },
  };
}

async function executeOperation(services: Services, args: ExecutionArgs): Promise<ExecutionResult> {
  const fault = findInputIssue(args.document, args.variableValues);
  if (fault) return { errors: [fault] };
  const context = createContext(services, sessionOf(args).viewer);
  // Before the first row is read, wherever in the operation it stands.
  if (selectsStreamCursor(args.document)) await readStreamCursor(context);
  return withExtensions(await execute({ ...args, contextValue: context }), context.extensions);
}

// An error here is reported by the field itself.
async function readStreamCursor(context: Context) {
  try {
    await context.streamCursor();
  } catch {
    return;
  }
}

function subscribeOperation(
  { live, presence }: Pick<ExecutionOptions, 'live' | 'presence'>,
  args: ExecutionArgs,
): AsyncIterableIterator<ExecutionResult> {
  const { viewer } = sessionOf(args);
  if (!viewer) throw new UnauthenticatedError();
  // Whoever has a stream open is here, as with a websocket.
  const leave = presence.trackConnection(viewer.organizationId, viewer.id);
  const results = iterateSubscription((sink) => live.open(args, viewer, sink), leave);
  endWithRequest(results, args);
  return results;
}

// Who hangs up before the first byte of the answer is never read from again, and Yoga then ends nothing.
function endWithRequest(results: AsyncIterableIterator<unknown>, args: ExecutionArgs) {
  const signal = (args.contextValue as RequestContext).request?.signal;
  const end = () => void results.return?.();
  if (signal?.aborted) end();
  else signal?.addEventListener('abort', end, { once: true });
}

function sessionOf(args: ExecutionArgs): Session {
  return args.contextValue as Session;
}

function withExtensions(result: ExecutionResult, extensions: { cursor?: string }): ExecutionResult {
  return extensions.cursor === undefined
    ? result
    : { ...result, extensions: { ...result.extensions, ...extensions } };
}

const asking = new WeakMap<DocumentNode, boolean>();

function selectsStreamCursor(document: DocumentNode): boolean {
  let asks = asking.get(document);
  if (asks === undefined) {
    asks = false;
    visit(document, {
      Field(node) {
        if (node.name.value !== 'streamCursor') return undefined;
        asks = true;
        return BREAK;
      },
    });
    asking.set(document, asks);
  }
  return asks;
}
