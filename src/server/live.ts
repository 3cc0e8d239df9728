import { createSourceEventStream, type GraphQLError } from 'graphql';
import type { Viewer, Viewers } from '../domain/viewer.ts';
import { ForbiddenError } from '../errors.ts';
import { writeCursor } from '../feed/cursor.ts';
import type { Feed } from '../feed/feed.ts';
import type { Follower } from '../feed/follow.ts';
import type { ResetReason } from '../feed/stream-item.ts';
import { createContext, createSharedContext, type Services } from '../graphql/context.ts';
import { faultOfInput } from '../graphql/input-check.ts';
import { isSource, type LiveSource, type StateSource } from '../graphql/live-source.ts';
import { createLiveExecution } from './live-execution.ts';
import { createLiveGroup, type LiveGroup, type Member } from './live-group.ts';
import { keyOf, type LiveOperation } from './live-operation.ts';
import { createOutbox, type Payload, type Sink } from './live-outbox.ts';
import { createRights } from './live-rights.ts';
import { createStateGroup, feedState, type StateGroup } from './live-state.ts';
import { createEventReads } from './shared-reads.ts';

const REFRESH_INTERVAL_MS = 15_000;

export type Live = ReturnType<typeof createLive>;

/** A subscriber's side of a subscription that runs. */
export interface Subscription {
  /** The sink takes more. */
  flush(): void;
  close(): void;
}

export interface LiveOptions {
  services: Services;
  feed: Pick<Feed, 'follow' | 'catchUp'>;
  viewers: Pick<Viewers, 'forget'>;
  mask: (error: unknown) => GraphQLError;
  now?: () => number;
}

interface Entering<Source> {
  key: string;
  source: Source;
  isPersonal: boolean;
  viewer: Viewer;
  follower: Follower;
}

/**
 * Runs subscriptions, whatever their transport. Each subscriber gets each event that they may see once and in order: first what they
 * missed, read from the log at their own pace, then, from the same tick on, what happens. An event is executed once for all who
 * ask the same with the same eyes.
 */
export function createLive({ services, feed, viewers, mask, now = Date.now }: LiveOptions) {
  const groups = new Map<string, LiveGroup & { users: number }>();
  const readsAfter = createEventReads(services.db);
  const stateGroups = new Map<string, StateGroup & { users: number }>();
  const rights = createRights({ viewers });
  const timer = setInterval(() => {
    for (const group of groups.values()) group.refresh();
  }, REFRESH_INTERVAL_MS);

  /** What it watches; personal when that depends on who asks. */
  async function sourceOf(operation: LiveOperation, viewer: Viewer) {
    if (viewer.contactId === null) {
      const { context, wasPersonal } = createSharedContext(services, viewer);
      const source = await createSourceEventStream({ ...operation, contextValue: context });
      if (!wasPersonal()) return { source, isPersonal: false };
    }
    const context = createContext(services, viewer);
    return {
      source: await createSourceEventStream({ ...operation, contextValue: context }),
      isPersonal: true,
    };
  }

  function enterGroup(operation: LiveOperation, entering: Entering<LiveSource>) {
    const { key, source, isPersonal, viewer, follower } = entering;
    return enter(groups, key, () =>
      createLiveGroup({
        execution: createLiveExecution({
          services,
          readsAfter,
          operation,
          mask,
          view: source.watch.view,
          viewer: isPersonal ? viewer : null,
        }),
        watch: source.watch,
        reader: viewer,
        follower,
        cursorAt: (position) => writeCursor(follower.state, position),
        now,
      }),
    );
  }

  function open(operation: LiveOperation, viewer: Viewer, sink: Sink): Subscription {
    const endings: (() => void)[] = [];
    let isClosed = false;

    function close() {
      if (isClosed) return;
      isClosed = true;
      outbox.close();
      for (const end of endings.reverse()) end();
    }

    function fail(errors: readonly GraphQLError[]) {
      if (isClosed) return;
      close();
      sink.fail(errors);
    }

    function expel() {
      if (isClosed) return;
      close();
      sink.expel(mask(new ForbiddenError('You have been removed or blocked, and hear nothing more.')));
    }

    async function start() {
      const fault = faultOfInput(operation.document, operation.variableValues);
      if (fault) return fail([fault]);
      if (viewer.isBlocked)
        throw new ForbiddenError('This contact is blocked. A team member can unblock them.');
      const keyed = keyOf(operation);
      if ('errors' in keyed) return fail(keyed.errors.map(mask));
      const { source, isPersonal } = await sourceOf(operation, viewer);
      if (!isSource(source)) return fail(('errors' in source ? (source.errors ?? []) : []).map(mask));
      if (isClosed) return;
      const { follower, release } = await feed.follow(viewer.organizationId);
      if (isClosed) return release();
      endings.push(release);

      // A follower of another epoch hears nothing any more: none joins those who wait for it.
      const epoch = Buffer.from(follower.state.epoch).toString('hex');
      const eyes = isPersonal ? viewer.id : '';
      const key = `${viewer.organizationId} ${epoch} ${eyes} ${keyed.key}`;
      const entering = { key, isPersonal, viewer, follower };
      if ('state' in source) return joinState({ ...entering, source });
      const [group, leaveGroup] = enterGroup(operation, { ...entering, source });
      endings.push(leaveGroup, rights.hold(follower, viewer, { inTurn: group.inTurn, expel }));
      await join(group, follower, source);
    }

    async function joinState({ key, source, isPersonal, follower }: Entering<StateSource>) {
      const [group, leaveGroup] = enter(stateGroups, key, () => {
        const eyes = isPersonal ? viewer : null;
        return createStateGroup({
          execution: createLiveExecution({ services, readsAfter, operation, mask, viewer: eyes }),
        });
      });
      endings.push(leaveGroup, rights.hold(follower, viewer, { inTurn: (run) => run(), expel }));
      const listener = { viewer, follower };
      const fed = await feedState({ watch: source.state, listener, group, sink, fail, mask });
      if (isClosed) return fed.close();
      endings.push(fed.close);
      flush = fed.flush;
      flush();
    }

    async function join(group: LiveGroup, follower: Follower, { watch, after }: LiveSource) {
      const cursorAt = (position: number) => writeCursor(follower.state, position);
      const member = {
        viewer,
        known: 0,
        push: outbox.push,
        end(payload: Payload) {
          group.leave(member);
          outbox.end(payload);
        },
        fail,
        drop: outbox.overflow,
      } satisfies Member;
      endings.push(() => group.leave(member));
      endings.push(
        follower.onSetBack(() => {
          group.leave(member);
          outbox.discard();
          reset(group, 'CURSOR_INVALID', null).catch((error) => fail([mask(error)]));
        }),
      );

      const arrive = (position: number) => {
        if (isClosed) return;
        member.known = position;
        outbox.hold();
        group.join(member);
      };
      overflow = async (lastCursor) => {
        group.leave(member);
        await reset(group, 'SLOW_CONSUMER', lastCursor ?? after);
      };

      if (after === null) arrive(follower.position());
      else {
        const missed = feed.catchUp(follower, { ...watch, after, arrive });
        for (let next = await missed.next(); ; next = await missed.next()) {
          if (isClosed) return void (await missed.return(undefined));
          if (next.done) {
            if (next.value !== undefined) return reset(group, next.value, null);
            break;
          }
          const event = next.value;
          const outcome = await group.outcomeOf(
            { kind: 'event', event, cursor: cursorAt(event.position) },
            viewer,
          );
          if ('errors' in outcome) return fail(outcome.errors);
          if ('payload' in outcome) {
            if (outcome.isLast) return outbox.end(outcome.payload);
            outbox.push(outcome.payload);
          }
          await outbox.drained();
        }
      }
      const outcome = await group.outcomeOf({ kind: 'caughtUp', cursor: cursorAt(member.known) }, viewer);
      if ('errors' in outcome) return fail(outcome.errors);
      if ('payload' in outcome) outbox.release(outcome.payload);
    }

    async function reset(group: LiveGroup, reason: ResetReason, resumeAfter: string | null) {
      const outcome = await group.outcomeOf({ kind: 'reset', reason, resumeAfter }, viewer);
      if ('errors' in outcome) return fail(outcome.errors);
      if ('payload' in outcome) outbox.end(outcome.payload);
    }

    let overflow: (lastCursor: string | null) => Promise<void> = async () => {};
    const outbox = createOutbox(
      {
        ...sink,
        complete: () => {
          close();
          sink.complete();
        },
      },
      (lastCursor) => void overflow(lastCursor).catch((error) => fail([mask(error)])),
    );
    let flush = outbox.flush;
    start().catch((error) => fail([mask(error)]));
    return { flush: () => flush(), close };
  }

  return {
    open,
    stop() {
      clearInterval(timer);
    },
  };
}

/** The group under this key, until all who entered it have left. */
function enter<Group>(groups: Map<string, Group & { users: number }>, key: string, create: () => Group) {
  const group = groups.get(key) ?? { ...create(), users: 0 };
  groups.set(key, group);
  group.users += 1;
  function leave() {
    group.users -= 1;
    if (group.users === 0) groups.delete(key);
  }
  return [group, leave] as const;
}
