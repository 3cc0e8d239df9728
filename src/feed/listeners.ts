import type { Log } from '../log.ts';
import type { LogEvent } from './event.ts';
import { isInScope, type LogScope } from './log.ts';

export type LogListener = (event: LogEvent) => void;

interface Registration {
  readonly scope: LogScope;
  readonly listener: LogListener;
  isOver: boolean;
}

/** Who listens to the events of an organization, found by what they listen to. */
export function createListeners(log: Log) {
  // Listeners of one conversation, of one contact, and (under '') of everything. Nearly always there is one of a conversation, and
  // a list of one takes a third of the memory of a set.
  const byPart = new Map<string, Registration[]>();

  // Where a listener is found: an event is looked up under its conversation and under its contact.
  function partsOf({ conversationId, contactId, aboutContactId }: LogScope): string[] {
    if (conversationId === undefined) return [contactId ?? ''];
    return aboutContactId === undefined ? [conversationId] : [conversationId, aboutContactId];
  }

  function addTo(part: string, listening: Registration) {
    const others = byPart.get(part);
    if (others) others.push(listening);
    else byPart.set(part, [listening]);
  }

  function removeFrom(part: string, listening: Registration) {
    const listenings = byPart.get(part);
    const index = listenings?.indexOf(listening) ?? -1;
    if (index < 0) return;
    listenings?.splice(index, 1);
    if (listenings?.length === 0) byPart.delete(part);
  }

  function tellPart(part: string, event: LogEvent, isConcerned: (scope: LogScope) => boolean = () => true) {
    // Of those who listen now: whoever is told may end it for others, or begin.
    for (const listening of byPart.get(part)?.slice() ?? []) {
      const { scope, listener, isOver } = listening;
      if (isOver || !isConcerned(scope) || !isInScope(scope, event)) continue;
      try {
        listener(event);
      } catch (error) {
        // One listener's fault is not to cost the others their event.
        log.error({ err: error, position: event.position }, 'a listener of the feed failed');
      }
    }
  }

  return {
    add(scope: LogScope, listener: LogListener): () => void {
      const listening: Registration = { scope, listener, isOver: false };
      for (const part of partsOf(scope)) addTo(part, listening);
      return () => {
        listening.isOver = true;
        for (const part of partsOf(scope)) removeFrom(part, listening);
      };
    },
    emit(event: LogEvent) {
      const { conversationId, contactId } = event;
      tellPart('', event);
      if (conversationId !== null) tellPart(conversationId, event);
      // Who listens to a conversation hears under its contact what is of no conversation alone.
      if (contactId !== null)
        tellPart(contactId, event, (scope) => conversationId === null || scope.conversationId === undefined);
    },
    clear: () => byPart.clear(),
  };
}
