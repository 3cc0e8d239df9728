import type { Db } from '../../db/client.ts';
import { Availability } from '../../db/generated/prisma/enums.ts';
import type { LogEvent } from '../../feed/event.ts';
import { parseNodeType } from '../../ids.ts';
import type { Log } from '../../log.ts';
import type { Presence } from '../../presence/presence.ts';
import { mayHear, usersVisibleTo } from '../core/access.ts';
import { isTeam, type ReadScope } from '../core/viewer.ts';
import type { StateSource, StateSubscriber } from './state-source.ts';

export interface PresenceState {
  actorId: string;
  availability: Availability;
}

const RETRY_MS = 1_000;

type EmitPresence = (state: PresenceState) => void;

/** Who is there, and how, as they say of themselves. */
export function createPresenceSource({
  db,
  presence,
  log,
}: {
  db: Db;
  presence: Pick<Presence, 'listen'>;
  log: Log;
}) {
  const rooms = new Map<string, OrganizationPresence>();

  async function enter({ viewer: { organizationId }, follower }: StateSubscriber, tell: EmitPresence) {
    const room =
      rooms.get(organizationId) ?? startOrganizationPresence({ db, presence, log, organizationId, follower });
    rooms.set(organizationId, room);
    room.users += 1;
    function leave() {
      room.users -= 1;
      if (room.users > 0) return;
      rooms.delete(organizationId);
      room.close();
    }
    try {
      await room.ready;
    } catch (error) {
      leave();
      throw error;
    }
    const end = room.listen(tell);
    return {
      room,
      end() {
        end();
        leave();
      },
    };
  }

  async function begin(listener: StateSubscriber) {
    const { viewer, emit: tell } = listener;
    if (isTeam(viewer)) return (await enter(listener, (state) => tell(state.actorId, state))).end;
    return beginForContact(listener);
  }

  /** A contact is told of the team members that they know, and comes to know more of them. */
  async function beginForContact(listener: StateSubscriber) {
    const { viewer, follower, emit: tell } = listener;
    const { organizationId, id: contactId } = viewer;
    let known: ReadonlySet<string> = new Set();
    const { room, end } = await enter(listener, (state) => {
      if (known.has(state.actorId)) tell(state.actorId, state);
    });

    async function learn() {
      const before = known;
      known = await readKnown(db, viewer);
      for (const state of room.states()) {
        if (known.has(state.actorId) && !before.has(state.actorId)) tell(state.actorId, state);
      }
    }

    // One after the other: the last that is read is the newest.
    let learning = learn();
    const stopListening = follower.listen({ organizationId, contactId }, (event) => {
      if (!mayHear(viewer, event) || !mayAcquaint(event, known)) return;
      learning = learning
        .then(learn)
        .catch((error) => log.warn({ err: error }, 'whom a contact knows was not read'));
    });
    const leave = () => {
      stopListening();
      end();
    };
    try {
      await learning;
    } catch (error) {
      leave();
      throw error;
    }
    return leave;
  }

  return function watchPresence(): StateSource {
    return { subscribe: begin };
  };
}

export type PresenceSource = ReturnType<typeof createPresenceSource>;

/** Whether the event can have made a team member one whom the contact knows, or knows no more. */
function mayAcquaint({ type, actorId, changes }: LogEvent, known: ReadonlySet<string>): boolean {
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

type OrganizationPresence = ReturnType<typeof startOrganizationPresence>;

/** Who of an organization is online, with what they say of themselves, while somebody listens. */
function startOrganizationPresence(options: {
  db: Db;
  presence: Pick<Presence, 'listen'>;
  log: Log;
  organizationId: string;
  follower: StateSubscriber['follower'];
}) {
  const { db, presence, log, organizationId, follower } = options;
  const online = new Set<string>();
  /** Of those who are there. */
  const states = new Map<string, PresenceState>();
  const listeners = new Set<EmitPresence>();
  /** Of whom it is to be read what they say. */
  const stale = new Set<string>();
  let reading: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  function take(actorId: string, availability: Availability) {
    if (availability === (states.get(actorId)?.availability ?? Availability.OFFLINE)) return;
    const state = { actorId, availability };
    if (availability === Availability.OFFLINE) states.delete(actorId);
    else states.set(actorId, state);
    for (const tell of listeners) tell(state);
  }

  async function read(ids: string[]) {
    const users = await db.reads.user.findMany({
      where: { organizationId, id: { in: ids.filter((id) => parseNodeType(id) === 'User') } },
      select: { id: true, availability: true },
    });
    const said = new Map(users.map(({ id, availability }) => [id, availability]));
    for (const id of ids) {
      take(id, online.has(id) ? (said.get(id) ?? Availability.ONLINE) : Availability.OFFLINE);
    }
  }

  // One reading after the other: the last is the newest.
  async function readStale() {
    while (stale.size > 0) {
      const ids = [...stale];
      stale.clear();
      try {
        await read(ids);
      } catch (error) {
        log.warn({ err: error }, 'how people are there was not read; trying again');
        for (const id of ids) stale.add(id);
        timer = setTimeout(startReading, RETRY_MS);
        break;
      }
    }
    reading = undefined;
  }

  function startReading() {
    clearTimeout(timer);
    reading ??= readStale();
  }

  function look(id: string) {
    stale.add(id);
    startReading();
  }

  const stopFollowing = follower.listen({ organizationId }, ({ type, subjectId, changes }) => {
    if (type !== 'USER_CHANGED' || !subjectId || !changes.some(({ field }) => field === 'availability'))
      return;
    if (online.has(subjectId)) look(subjectId);
  });
  const listening = presence.listen(organizationId, (id, isOnline) => {
    // Bots have no hours.
    if (parseNodeType(id) === 'Bot') return;
    if (isOnline) online.add(id);
    else online.delete(id);
    look(id);
  });

  return {
    users: 0,
    ready: listening.then(() => reading),
    states: () => states.values(),
    /** Tells who is there now, and then each change. Returns how to end it. */
    listen(tell: EmitPresence): () => void {
      for (const state of states.values()) tell(state);
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
    close() {
      clearTimeout(timer);
      stopFollowing();
      listening.then((end) => end()).catch(() => undefined);
    },
  };
}
