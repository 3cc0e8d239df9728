import type { Log } from '../log.ts';
import type { LogEvent } from './event.ts';
import { isWithin, type Scope } from './log.ts';

// No conversation has this id.
const NONE = '';

export type Listener = (event: LogEvent) => void;

/** Who listens to the events of an organization, found by what they listen to. */
export function createListeners(log: Log) {
  // Listeners of one conversation, of one contact, and (under '') of everything.
  const byPart = new Map<string, Map<Listener, Scope>>();

  // Where a listener is found, and for what: an event is looked up under its conversation and under its contact.
  function partsOf(scope: Scope): [string, Scope][] {
    const { conversationId, contactId, aboutContactId } = scope;
    if (conversationId === undefined) return [[contactId ?? '', scope]];
    const { aboutContactId: _, ...ofConversation } = scope;
    if (aboutContactId === undefined) return [[conversationId, scope]];
    return [
      [conversationId, ofConversation],
      [aboutContactId, { ...scope, conversationId: NONE }],
    ];
  }

  function addTo(part: string, scope: Scope, listener: Listener): () => void {
    const listeners = byPart.get(part) ?? new Map<Listener, Scope>();
    byPart.set(part, listeners.set(listener, scope));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && byPart.get(part) === listeners) byPart.delete(part);
    };
  }

  function tellPart(part: string, event: LogEvent) {
    for (const [listener, scope] of byPart.get(part) ?? []) {
      if (!isWithin(scope, event)) continue;
      try {
        listener(event);
      } catch (error) {
        // One listener's fault is not to cost the others their event.
        log.error({ err: error, position: event.position }, 'a listener of the feed failed');
      }
    }
  }

  return {
    add(scope: Scope, listener: Listener): () => void {
      const removals = partsOf(scope).map(([part, own]) => addTo(part, own, listener));
      return () => {
        for (const remove of removals) remove();
      };
    },
    tell(event: LogEvent) {
      tellPart('', event);
      if (event.conversationId !== null) tellPart(event.conversationId, event);
      if (event.contactId !== null) tellPart(event.contactId, event);
    },
    clear: () => byPart.clear(),
  };
}
