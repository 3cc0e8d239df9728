import type { EventType } from '../../db/generated/prisma/enums.ts';
import type { EventItem, StreamItem } from '../../feed/stream-item.ts';
import { toLikePattern, toSearchTerms } from '../core/text-search.ts';
import { isTeam, type ReadScope, type Viewer } from '../core/viewer.ts';
import type { MatchableState, Transition } from './conversation-history.ts';
import type { CurrentValues, CurrentValuesLoader, CurrentValuesQuery } from './current-values.ts';
import { type ConversationFilter, requireValidFilter } from './filter.ts';
import { type FilterContext, matchesCurrentValues, matchesState } from './filter-match.ts';

/** Effect of an event on a filtered list: its conversation enters the list, leaves it, or changes inside it. */
export type LiveListEffect = 'entered' | 'left' | 'changed';

/** An event of a live list. Events of other subscriptions have no effect. */
export type LiveListItem = EventItem & { effect?: LiveListEffect };

// Events that may change whether the conversation matches search terms and mentions.
const MAY_START_MATCHING: ReadonlySet<EventType> = new Set([
  'RENAMED',
  'UPDATED',
  'MESSAGE_ADDED',
  'MESSAGE_CHANGED',
]);
const MAY_STOP_MATCHING: ReadonlySet<EventType> = new Set(['RENAMED', 'UPDATED', 'MESSAGE_CHANGED']);

export interface LiveListOptions {
  currentValues: CurrentValuesLoader;
  scope: ReadScope;
  filter: ConversationFilter;
  /** Called only when the filter depends on the viewer: a live list without such a condition is shared by the whole team. */
  viewer: () => Viewer;
}

/**
 * Matches events against a filter. A conversation is in the list when all conditions hold:
 * - most depend on values that events carry, so they are matched before and after the event (conversation-history.ts);
 * - text, mentions, updatedAfter and a contact's isUnread depend on values that no event carries. They are matched against the current
 *   values alone (current-values.ts). Where an event may have changed them, the list sends "entered" or "left" again rather than too
 *   rarely: clients upsert and remove by id, so a repetition does no harm.
 *
 * Throws BadArgumentError for an invalid filter.
 */
export function createLiveList({ currentValues, scope, filter, viewer }: LiveListOptions) {
  const isPersonal = filter.assignment === 'MINE' || filter.isUnread != null;
  const context: FilterContext = { filter, scope, viewer: isPersonal ? viewer() : toAnyViewer(scope) };
  requireValidFilter(context.viewer, filter);

  const patterns = toSearchTerms(filter.text).map(toLikePattern);
  const query: CurrentValuesQuery = {
    side: isTeam(scope) ? 'team' : 'contact',
    patterns,
    mentionedUserIds: filter.mentions ?? [],
  };
  // Any event may change these values.
  const dependsOnEveryEvent = filter.updatedAfter != null || (filter.isUnread != null && !isTeam(scope));
  const needsCurrentValues = dependsOnEveryEvent || patterns.length > 0 || filter.mentions != null;

  function matches(state: MatchableState | null): boolean {
    return state !== null && matchesState(state, context);
  }

  function matchesTerms({ matchedPatterns }: CurrentValues): boolean {
    return patterns.every((pattern) => matchedPatterns.includes(pattern));
  }

  /** Null: the event does not concern the list. */
  async function matchConversationEvent(
    item: EventItem,
    { before, after }: Transition,
  ): Promise<LiveListItem | null> {
    const { event } = item;
    const [was, is] = [matches(before), matches(after)];
    if (!needsCurrentValues || !is) return withEffect(item, toEffect(was, is));
    const values = await currentValues.loadForConversation(event, query);
    if (values && matchesCurrentValues(values, context) && matchesTerms(values)) {
      const wasInList = was && !dependsOnEveryEvent && !MAY_START_MATCHING.has(event.type);
      return withEffect(item, toEffect(wasInList, true));
    }
    const wasInList = was && (dependsOnEveryEvent || MAY_STOP_MATCHING.has(event.type));
    return withEffect(item, toEffect(wasInList, false));
  }

  /**
   * A change of a contact changes every list that holds one of their conversations. When it changes whether search terms match, it may
   * move any number of conversations. One position in the log has one event, which can tell of one conversation: with more, the
   * subscription is reset, and the client loads the list again.
   */
  async function matchContactEvent(item: EventItem): Promise<StreamItem | LiveListItem | null> {
    const { values, isComplete } = await currentValues.loadForContact(item.event, query);
    const candidates = values.filter((one) => matches(one.state) && matchesCurrentValues(one, context));
    if (!patterns.some((pattern) => values[0]?.changedPatterns.includes(pattern))) {
      return withEffect(item, !isComplete || candidates.some(matchesTerms) ? 'changed' : null);
    }
    if (!isComplete || candidates.length > 1) {
      return { kind: 'reset', reason: 'TOO_FAR_BEHIND', resumeAfter: null };
    }
    const [only] = candidates;
    if (!only) return null;
    const event = { ...item.event, conversationId: only.id };
    return withEffect({ ...item, event }, matchesTerms(only) ? 'entered' : 'left');
  }

  return { matchConversationEvent, matchContactEvent };
}

function withEffect(item: EventItem, effect: LiveListEffect | null): LiveListItem | null {
  return effect && { ...item, effect };
}

function toEffect(was: boolean, is: boolean): LiveListEffect | null {
  if (is) return was ? 'changed' : 'entered';
  return was ? 'left' : null;
}

/** A stand-in for conditions that depend on the scope alone. */
function toAnyViewer(scope: ReadScope): Viewer {
  const kind = isTeam(scope) ? 'user' : 'contact';
  return { ...scope, kind, id: scope.contactId ?? '', isAdmin: false, isBlocked: false };
}
