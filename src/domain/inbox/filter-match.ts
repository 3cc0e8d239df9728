import { isTeam, type Reader, type Viewer } from '../core/viewer.ts';
import type { ViewState } from './conversation-history.ts';
import type { ConversationFilter } from './filter.ts';
import type { ViewFacts } from './live-list-facts.ts';

// The conditions of conversationsMatching once more, for conversations at hand.

export interface Sought {
  filter: ConversationFilter;
  viewer: Viewer;
  reader: Reader;
}

/** Whether all conditions hold that can be told from events. */
export function matchesState(state: ViewState, { filter, viewer, reader }: Sought): boolean {
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

/** Whether the others hold, words aside. */
export function matchesFacts(facts: ViewFacts, { filter, reader }: Sought): boolean {
  return (
    (filter.mentions == null || filter.mentions.some((id) => facts.mentioned.includes(id))) &&
    (filter.updatedAfter == null || facts.updatedAt > filter.updatedAfter) &&
    (filter.isUnread == null || isTeam(reader) || filter.isUnread === facts.isUnreadToContact)
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
