import type { Log } from '../log.ts';
import type { LogEvent } from './event.ts';
import { isWithin, type Scope } from './log.ts';

export type Listener = (event: LogEvent) => void;

/** Who listens to the events of an organization, found by what they listen to. */
export function createListeners(log: Log) {
  // Listeners of one conversation, of one contact, and (under '') of everything.
  const byPart = new Map<string, Map<Listener, Scope>>();

  function partOf({ conversationId, contactId }: Scope): string {
    return conversationId ?? contactId ?? '';
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
      const part = partOf(scope);
      const listeners = byPart.get(part) ?? new Map<Listener, Scope>();
      byPart.set(part, listeners.set(listener, scope));
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0 && byPart.get(part) === listeners) byPart.delete(part);
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
