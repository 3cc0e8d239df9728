import type { EventType } from '../../db/generated/prisma/enums.ts';
import type { EventItem, ListChange, StreamItem } from '../../feed/stream-item.ts';
import { toLikePattern, toSearchTerms } from '../core/text-search.ts';
import { isTeam, type ReadScope, type Viewer } from '../core/viewer.ts';
import type { MatchableState, Transition } from './conversation-history.ts';
import type { CurrentValues, CurrentValuesLoader, CurrentValuesQuery } from './current-values.ts';
import { type ConversationFilter, requireValidFilter } from './filter.ts';
import { matchesCurrentValues, matchesState } from './filter-match.ts';

// What can change whether words are found in a conversation, or whom its notes mention.
const MAY_BRING_IN: ReadonlySet<EventType> = new Set([
  'RENAMED',
  'UPDATED',
  'MESSAGE_ADDED',
  'MESSAGE_CHANGED',
]);
const MAY_TAKE_OUT: ReadonlySet<EventType> = new Set(['RENAMED', 'UPDATED', 'MESSAGE_CHANGED']);

/** Tells what an event does to the list that a filter gives; null where it does not concern it. */
export type LiveList = ReturnType<typeof createLiveList>;

export interface LiveListOptions {
  facts: CurrentValuesLoader;
  scope: ReadScope;
  filter: ConversationFilter;
  /** Asked only where the filter depends on who asks. */
  viewer: () => Viewer;
}

/** The filter, for events. Throws BadArgumentError as the list does. */
export function createLiveList({ facts, scope, filter, viewer }: LiveListOptions) {
  const isPersonal = filter.assignment === 'MINE' || filter.isUnread != null;
  const sought = { filter, scope, viewer: isPersonal ? viewer() : asViewer(scope) };
  requireValidFilter(sought.viewer, filter);

  const patterns = toSearchTerms(filter.text).map(toLikePattern);
  const question: CurrentValuesQuery = {
    patterns: isTeam(scope) ? patterns : [],
    publicPatterns: isTeam(scope) ? [] : patterns,
    mentions: filter.mentions ?? [],
  };
  // Any event may change these, and none says so.
  const isMoving = filter.updatedAfter != null || (filter.isUnread != null && !isTeam(scope));
  const isAsked = isMoving || patterns.length > 0 || filter.mentions != null;

  function holds(state: MatchableState | null): boolean {
    return state !== null && matchesState(state, sought);
  }

  function hasWords({ found, publicFound }: CurrentValues): boolean {
    const all = isTeam(scope) ? found : publicFound;
    return patterns.every((pattern) => all.includes(pattern));
  }

  async function ofConversation(item: EventItem, { before, after }: Transition): Promise<StreamItem | null> {
    const { event } = item;
    const [was, is] = [holds(before), holds(after)];
    if (!isAsked || !is) return seen(item, changeOf(was, is));
    const now = await facts.ofConversation(event, question);
    // Whether it held before is not known where the event may have changed that. Entering twice does no harm, nor leaving.
    if (now && matchesCurrentValues(now, sought) && hasWords(now)) {
      return seen(item, was && !(isMoving || MAY_BRING_IN.has(event.type)) ? 'changed' : 'entered');
    }
    return seen(item, was && (isMoving || MAY_TAKE_OUT.has(event.type)) ? 'left' : null);
  }

  /** A change of a contact concerns the list while it holds a conversation of theirs; and it may bring in or take out any number of them. */
  async function ofContact(item: EventItem): Promise<StreamItem | null> {
    const { known, areAll } = await facts.ofContact(item.event, question);
    const theirs = known.filter((one) => holds(one.state) && matchesCurrentValues(one, sought));
    if (!patterns.some((pattern) => known[0]?.moved.includes(pattern))) {
      return seen(item, !areAll || theirs.some(hasWords) ? 'changed' : null);
    }
    // Found or not, as it stands now: what was before is not asked here either. At one position only one can be told of.
    if (!areAll || theirs.length > 1) return { kind: 'reset', reason: 'TOO_FAR_BEHIND', resumeAfter: null };
    const [one] = theirs;
    if (!one) return null;
    const event = { ...item.event, conversationId: one.id };
    return seen({ ...item, event }, hasWords(one) ? 'entered' : 'left');
  }

  return { ofConversation, ofContact };
}

function seen(item: EventItem, view: ListChange | null): StreamItem | null {
  return view && { ...item, view };
}

function changeOf(was: boolean, is: boolean): ListChange | null {
  if (is) return was ? 'changed' : 'entered';
  return was ? 'left' : null;
}

// Conditions that do not ask who it is see nothing of this but the scope.
function asViewer(scope: ReadScope): Viewer {
  const kind = isTeam(scope) ? 'user' : 'contact';
  return { ...scope, kind, id: scope.contactId ?? '', isAdmin: false, isBlocked: false };
}
