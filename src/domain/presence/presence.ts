import type { Db } from '../../db/client.ts';
import { Availability } from '../../db/generated/prisma/enums.ts';
import type { LogEvent } from '../../feed/event.ts';
import { parseNodeType } from '../../ids.ts';
import type { Log } from '../../log.ts';
import type { Presence } from '../../presence/presence.ts';
import { createRefCounted, whenReady } from '../../ref-counted.ts';
import { mayHear, usersVisibleTo } from '../core/access.ts';
import { isTeam, type ReadScope } from '../core/viewer.ts';
import type { StateSource, StateSubscriber } from './state-source.ts';

export interface PresenceState {
  actorId: string;
  availability: Availability;
}

const RETRY_DELAY_MS = 1_000;

type EmitPresence = (state: PresenceState) => void;

/** Online users and contacts with the availability that they have set. One watcher per log follower serves all subscribers. */
export function createPresenceSource({
  db,
  presence,
  log,
}: {
  db: Db;
  presence: Pick<Presence, 'listen'>;
  log: Log;
}): StateSource {
  // By follower, not by organization: a rewind of the log ends the follower, and later subscribers need a watcher of the next one.
  const watchers = createRefCounted<PresenceWatcher>((watcher) => watcher.stop());

  async function enter({ viewer: { organizationId }, follower }: StateSubscriber, emit: EmitPresence) {
    const start = () => startPresenceWatcher({ db, presence, log, organizationId, follower });
    const { value: watcher, release } = await whenReady(watchers.acquire(follower.id, start));
    const stopListening = watcher.listen(emit);
    return {
      watcher,
      end() {
        stopListening();
        release();
      },
    };
  }

  async function subscribe(subscriber: StateSubscriber) {
    const { viewer, emit } = subscriber;
    if (isTeam(viewer)) return (await enter(subscriber, (state) => emit(state.actorId, state))).end;
    return subscribeContact(subscriber);
  }

  /** A contact gets the presence of the users who own one of their conversations or wrote in one; events may add users. */
  async function subscribeContact(subscriber: StateSubscriber) {
    const { viewer, follower, emit } = subscriber;
    const { organizationId, id: contactId } = viewer;
    let known: ReadonlySet<string> = new Set();
    const { watcher, end } = await enter(subscriber, (state) => {
      if (known.has(state.actorId)) emit(state.actorId, state);
    });

    async function reloadKnown() {
      const before = known;
      known = await readKnown(db, viewer);
      for (const state of watcher.states()) {
        if (known.has(state.actorId) && !before.has(state.actorId)) emit(state.actorId, state);
      }
    }

    // Reads run one after another, so that the last one is the newest.
    let reloading = reloadKnown();
    const stopListening = follower.listen({ organizationId, contactId }, (event) => {
      if (!mayHear(viewer, event) || !mayChangeKnown(event, known)) return;
      reloading = reloading
        .then(reloadKnown)
        .catch((error) => log.warn({ err: error }, 'reading the users that a contact knows failed'));
    });
    const leave = () => {
      stopListening();
      end();
    };
    try {
      await reloading;
    } catch (error) {
      leave();
      throw error;
    }
    return leave;
  }

  return { subscribe };
}

/** Whether the event may change the set of users that the contact knows. */
function mayChangeKnown({ type, actorId, changes }: LogEvent, known: ReadonlySet<string>): boolean {
  if (type === 'MESSAGE_ADDED') return parseNodeType(actorId ?? '') === 'User' && !known.has(actorId ?? '');
  return (
    type === 'CREATED' ||
    type === 'DELETED' ||
    type === 'RESTORED' ||
    changes.some(({ field }) => field === 'owner')
  );
}

async function readKnown(db: Db, scope: ReadScope): Promise<Set<string>> {
  const users = await db.reads.user.findMany({ where: usersVisibleTo(scope), select: { id: true } });
  return new Set(users.map(({ id }) => id));
}

type PresenceWatcher = ReturnType<typeof startPresenceWatcher>;

/** Online users and contacts of one organization with their availability, while somebody listens. */
function startPresenceWatcher(options: {
  db: Db;
  presence: Pick<Presence, 'listen'>;
  log: Log;
  organizationId: string;
  follower: StateSubscriber['follower'];
}) {
  const { db, presence, log, organizationId, follower } = options;
  const online = new Set<string>();
  /** By actor id; offline actors are left out. */
  const states = new Map<string, PresenceState>();
  const listeners = new Set<EmitPresence>();
  /** Actors whose availability is to be read. */
  const stale = new Set<string>();
  let reading: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  function update(actorId: string, availability: Availability) {
    if (availability === (states.get(actorId)?.availability ?? Availability.OFFLINE)) return;
    const state = { actorId, availability };
    if (availability === Availability.OFFLINE) states.delete(actorId);
    else states.set(actorId, state);
    for (const emit of listeners) emit(state);
  }

  async function readAvailability(ids: string[]) {
    const users = await db.reads.user.findMany({
      where: { organizationId, id: { in: ids.filter((id) => parseNodeType(id) === 'User') } },
      select: { id: true, availability: true },
    });
    const availabilities = new Map(users.map(({ id, availability }) => [id, availability]));
    for (const id of ids) {
      update(id, online.has(id) ? (availabilities.get(id) ?? Availability.ONLINE) : Availability.OFFLINE);
    }
  }

  // Reads run one after another, so that the last one is the newest.
  async function readStale() {
    while (stale.size > 0) {
      const ids = [...stale];
      stale.clear();
      try {
        await readAvailability(ids);
      } catch (error) {
        log.warn({ err: error }, 'reading availability failed; retrying');
        for (const id of ids) stale.add(id);
        timer = setTimeout(startReading, RETRY_DELAY_MS);
        break;
      }
    }
    reading = undefined;
  }

  function startReading() {
    clearTimeout(timer);
    reading ??= readStale();
  }

  function refresh(id: string) {
    stale.add(id);
    startReading();
  }

  const stopFollowing = follower.listen({ organizationId }, ({ type, subjectId, changes }) => {
    if (type !== 'USER_CHANGED' || !subjectId || !changes.some(({ field }) => field === 'availability'))
      return;
    if (online.has(subjectId)) refresh(subjectId);
  });
  const listening = presence.listen(organizationId, (id, isOnline) => {
    // Bots have no availability.
    if (parseNodeType(id) === 'Bot') return;
    if (isOnline) online.add(id);
    else online.delete(id);
    refresh(id);
  });

  return {
    ready: listening.then(() => reading),
    states: () => states.values(),
    /** Emits the current states, and then each change. Returns how to stop. */
    listen(emit: EmitPresence): () => void {
      for (const state of states.values()) emit(state);
      listeners.add(emit);
      return () => listeners.delete(emit);
    },
    stop() {
      clearTimeout(timer);
      stopFollowing();
      listening.then((end) => end()).catch(() => undefined);
    },
  };
}
