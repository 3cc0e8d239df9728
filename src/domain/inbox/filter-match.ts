import { isUnreadAt } from '../core/unread.ts';
import { isTeam, type ReadScope, type Viewer } from '../core/viewer.ts';
import type { MatchableState } from './conversation-history.ts';
import type { CurrentValues } from './current-values.ts';
import type { ConversationFilter } from './filter.ts';

// The conditions of conversationsMatching (filter.ts) for a conversation in memory. A condition that is added there is added here, too;
// test/inbox/live-list-membership.test.ts compares both for all conditions.

export interface FilterContext {
  filter: ConversationFilter;
  viewer: Viewer;
  scope: ReadScope;
}

/** Whether the conditions hold that depend on a MatchableState: all but text, mentions, updatedAfter and a contact's isUnread. */
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
    (filter.isUnread == null ||
      !isTeam(scope) ||
      filter.isUnread === isUnreadAt(state.readSeqs.get(viewer.id), state.lastIncomingSeq))
  );
}

/** Whether mentions, updatedAfter and a contact's isUnread hold. The live list checks text itself. */
export function matchesCurrentValues(values: CurrentValues, { filter, scope }: FilterContext): boolean {
  return (
    (filter.mentions == null || filter.mentions.some((id) => values.mentionedUserIds.includes(id))) &&
    (filter.updatedAfter == null || values.updatedAt > filter.updatedAfter) &&
    (filter.isUnread == null || isTeam(scope) || filter.isUnread === values.isUnreadToContact)
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
