import type { Db } from '../db/client.ts';
import type { EventType } from '../db/generated/prisma/enums.ts';
import type { LogEvent } from '../feed/event.ts';
import type { ViewChange } from '../feed/stream-item.ts';
import { type ConversationFilter, conversationsMatching } from './conversation-filter.ts';
import type { Transition, ViewState } from './view-state.ts';
import { isTeam, type Reader, type Viewer } from './viewer.ts';

// What can change whether words are found in a conversation, or whom its notes mention.
const MAY_BRING_IN: ReadonlySet<EventType> = new Set([
  'RENAMED',
  'UPDATED',
  'MESSAGE_ADDED',
  'MESSAGE_CHANGED',
]);
const MAY_TAKE_OUT: ReadonlySet<EventType> = new Set(['RENAMED', 'UPDATED', 'MESSAGE_CHANGED']);

// Fields of a contact in which words are found.
const FOUND_BY = new Set(['name', 'email']);

/** Tells what an event does to the list that a filter gives; null where it does not concern it. */
export type View = ReturnType<typeof createView>;

export interface ViewOptions {
  db: Db;
  reader: Reader;
  filter: ConversationFilter;
  /** Asked only where the filter depends on who asks. */
  viewer: () => Viewer;
}

/** The filter, for events. Throws BadArgumentError as the list does. */
export function createView({ db, reader, filter, viewer }: ViewOptions) {
  const isPersonal = filter.assignment === 'MINE' || filter.isUnread != null;
  const whose = isPersonal ? viewer() : asViewer(reader);
  const where = conversationsMatching(db.reads, whose, filter);
  // What is in no event: it is asked of the database, as it stands now.
  const isAsked =
    filter.text != null ||
    filter.mentions != null ||
    filter.updatedAfter != null ||
    (filter.isUnread != null && !isTeam(reader));

  // Any event may change these.
  const isMoving = filter.updatedAfter != null || filter.isUnread != null;

  function holds(state: ViewState | null): boolean {
    return state !== null && matches(state, { filter, viewer: whose, reader });
  }

  async function holdsNow(one: { id: string } | { contactId: string }): Promise<boolean> {
    const found = await db.reads.conversation.findFirst({
      where: { AND: [one, where] },
      select: { id: true },
    });
    return found !== null;
  }

  async function ofConversation(
    { type, conversationId }: LogEvent,
    { before, after }: Transition,
  ): Promise<ViewChange | null> {
    const [was, is] = [holds(before), holds(after)];
    if (!isAsked || !is || conversationId === null) return changeOf(was, is);
    const isNow = await holdsNow({ id: conversationId });
    // Whether it held before is not known where the event may have changed that. Entering twice does no harm, nor leaving.
    if (isNow) return was && !(isMoving || MAY_BRING_IN.has(type)) ? 'changed' : 'entered';
    return was && (isMoving || MAY_TAKE_OUT.has(type)) ? 'left' : null;
  }

  /** A change of a contact concerns the list while it holds a conversation of theirs. */
  async function ofContact({ contactId, changes }: LogEvent): Promise<ViewChange | null> {
    // It may bring in and take out any number of conversations: whoever searches is told, and loads afresh.
    if (filter.text != null && changes.some(({ field }) => FOUND_BY.has(field))) return 'changed';
    return contactId !== null && (await holdsNow({ contactId })) ? 'changed' : null;
  }

  return { ofConversation, ofContact };
}

function changeOf(was: boolean, is: boolean): ViewChange | null {
  if (is) return was ? 'changed' : 'entered';
  return was ? 'left' : null;
}

// Conditions that do not ask who it is see nothing of this but the reader.
function asViewer(reader: Reader): Viewer {
  const kind = isTeam(reader) ? 'user' : 'contact';
  return { ...reader, kind, id: reader.contactId ?? '', isAdmin: false, isBlocked: false };
}

function matches(
  state: ViewState,
  { filter, viewer, reader }: { filter: ConversationFilter; viewer: Viewer; reader: Reader },
): boolean {
  if (!isTeam(reader) && (state.contactId !== reader.contactId || state.isDeleted)) return false;
  return (
    state.isDeleted === (filter.isDeleted ?? false) &&
    isAnyOf(filter.status, state.status) &&
    isAnyOf(filter.ownerId, state.ownerId) &&
    isAnyOf(filter.contactId, state.contactId) &&
    isAnyOf(filter.botId, state.botId) &&
    isAnyOf(filter.websiteId, state.websiteId) &&
    isAnyOf(filter.audienceId, state.audienceId) &&
    isAnyOf(filter.channelId, state.channelId) &&
    isAnyOf(filter.channelType, state.channelType) &&
    isAnyOf(filter.businessUnitId, state.businessUnitId) &&
    isAnyOf(filter.priority, state.priority) &&
    isAnyOf(filter.initiatedBy, state.initiatedBy) &&
    (filter.labels == null || filter.labels.some((label) => state.labels.includes(label))) &&
    (filter.memberId == null || filter.memberId.some((id) => state.readSeqs.has(id))) &&
    (filter.isWaiting == null || filter.isWaiting === state.isWaiting) &&
    (filter.createdAfter == null || state.createdAt > filter.createdAfter) &&
    (filter.createdBefore == null || state.createdAt < filter.createdBefore) &&
    isAssigned(state, filter.assignment, viewer) &&
    (filter.isUnread == null || !isTeam(reader) || filter.isUnread === isUnread(state, viewer))
  );
}

function isAnyOf<T>(values: readonly T[] | null | undefined, value: T | null): boolean {
  return values == null || (value !== null && values.includes(value));
}

function isAssigned(state: ViewState, assignment: ConversationFilter['assignment'], viewer: Viewer): boolean {
  switch (assignment) {
    case 'UNASSIGNED':
      return state.ownerId === null;
    case 'ASSIGNED':
      return state.ownerId !== null;
    case 'MINE':
      if (viewer.kind === 'contact') return true;
      return viewer.id === (viewer.kind === 'user' ? state.ownerId : state.botId);
    default:
      return true;
  }
}

function isUnread({ readSeqs, lastIncomingSeq }: ViewState, viewer: Viewer): boolean {
  const readSeq = readSeqs.get(viewer.id);
  return readSeq !== undefined && lastIncomingSeq > readSeq;
}
