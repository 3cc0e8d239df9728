import { isTeam, type ReadScope, type Viewer } from '../core/viewer.ts';
import type { MatchableState } from './conversation-history.ts';
import type { CurrentValues } from './current-values.ts';
import type { ConversationFilter } from './filter.ts';

// The conditions of conversationsMatching once more, for conversations at hand.

export interface FilterContext {
  filter: ConversationFilter;
  viewer: Viewer;
  scope: ReadScope;
}

/** Whether all conditions hold that can be told from events. */
export function matchesState(state: MatchableState, { filter, viewer, scope }: FilterContext): boolean {
  if (!isTeam(scope) && (state.contactId !== scope.contactId || state.isDeleted)) return false;
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
    (filter.isUnread == null || !isTeam(scope) || filter.isUnread === isUnread(state, viewer))
  );
}

/** Whether the others hold, words aside. */
export function matchesCurrentValues(facts: CurrentValues, { filter, scope }: FilterContext): boolean {
  return (
    (filter.mentions == null || filter.mentions.some((id) => facts.mentioned.includes(id))) &&
    (filter.updatedAfter == null || facts.updatedAt > filter.updatedAfter) &&
    (filter.isUnread == null || isTeam(scope) || filter.isUnread === facts.isUnreadToContact)
  );
}

function isAnyOf<T>(values: readonly T[] | null | undefined, value: T | null): boolean {
  return values == null || (value !== null && values.includes(value));
}

function isAssigned(
  state: MatchableState,
  assignment: ConversationFilter['assignment'],
  viewer: Viewer,
): boolean {
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

function isUnread({ readSeqs, lastIncomingSeq }: MatchableState, viewer: Viewer): boolean {
  const readSeq = readSeqs.get(viewer.id);
  return readSeq !== undefined && lastIncomingSeq > readSeq;
}
