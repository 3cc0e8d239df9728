import type { EventType } from '../../db/generated/prisma/enums.ts';
import type { Happened, StreamItem, ViewChange } from '../../feed/stream-item.ts';
import { patternOf, wordsOf } from '../core/text-search.ts';
import { isTeam, type Reader, type Viewer } from '../core/viewer.ts';
import type { Transition, ViewState } from './conversation-history.ts';
import { type ConversationFilter, requireUsable } from './filter.ts';
import { matchesFacts, matchesState } from './filter-match.ts';
import type { Facts, Question, ViewFacts } from './live-list-facts.ts';

// What can change whether words are found in a conversation, or whom its notes mention.
const MAY_BRING_IN: ReadonlySet<EventType> = new Set([
  'RENAMED',
  'UPDATED',
  'MESSAGE_ADDED',
  'MESSAGE_CHANGED',
]);
const MAY_TAKE_OUT: ReadonlySet<EventType> = new Set(['RENAMED', 'UPDATED', 'MESSAGE_CHANGED']);

/** Tells what an event does to the list that a filter gives; null where it does not concern it. */
export type View = ReturnType<typeof createView>;

export interface ViewOptions {
  facts: Facts;
  reader: Reader;
  filter: ConversationFilter;
  /** Asked only where the filter depends on who asks. */
  viewer: () => Viewer;
}

/** The filter, for events. Throws BadArgumentError as the list does. */
export function createView({ facts, reader, filter, viewer }: ViewOptions) {
  const isPersonal = filter.assignment === 'MINE' || filter.isUnread != null;
  const sought = { filter, reader, viewer: isPersonal ? viewer() : asViewer(reader) };
  requireUsable(sought.viewer, filter);

  const patterns = wordsOf(filter.text).map(patternOf);
  const question: Question = {
    patterns: isTeam(reader) ? patterns : [],
    publicPatterns: isTeam(reader) ? [] : patterns,
    mentions: filter.mentions ?? [],
  };
  // Any event may change these, and none says so.
  const isMoving = filter.updatedAfter != null || (filter.isUnread != null && !isTeam(reader));
  const isAsked = isMoving || patterns.length > 0 || filter.mentions != null;

  function holds(state: ViewState | null): boolean {
    return state !== null && matchesState(state, sought);
  }

  function hasWords({ found, publicFound }: ViewFacts): boolean {
    const all = isTeam(reader) ? found : publicFound;
    return patterns.every((pattern) => all.includes(pattern));
  }

  async function ofConversation(item: Happened, { before, after }: Transition): Promise<StreamItem | null> {
    const { event } = item;
    const [was, is] = [holds(before), holds(after)];
    if (!isAsked || !is) return seen(item, changeOf(was, is));
    const now = await facts.ofConversation(event, question);
    // Whether it held before is not known where the event may have changed that. Entering twice does no harm, nor leaving.
    if (now && matchesFacts(now, sought) && hasWords(now)) {
      return seen(item, was && !(isMoving || MAY_BRING_IN.has(event.type)) ? 'changed' : 'entered');
    }
    return seen(item, was && (isMoving || MAY_TAKE_OUT.has(event.type)) ? 'left' : null);
  }

  /** A change of a contact concerns the list while it holds a conversation of theirs; and it may bring in or take out any number of them. */
  async function ofContact(item: Happened): Promise<StreamItem | null> {
    const { known, areAll } = await facts.ofContact(item.event, question);
    const theirs = known.filter((one) => holds(one.state) && matchesFacts(one, sought));
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

function seen(item: Happened, view: ViewChange | null): StreamItem | null {
  return view && { ...item, view };
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
