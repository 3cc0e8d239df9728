import type { Log } from '../log.ts';
import type { LogEvent } from './event.ts';
import { isInScope, type LogScope } from './log.ts';

export type LogListener = (event: LogEvent) => void;

interface Registration {
  readonly scope: LogScope;
  readonly listener: LogListener;
  isRemoved: boolean;
}

// Index key of listeners to all events.
const ALL = '';

/** Listeners to the events of one organization, indexed by conversation and contact. */
export function createListeners(log: Log) {
  // Arrays, since most conversations have a single listener: an array of one takes a third of the memory of a Set.
  const index = new Map<string, Registration[]>();

  // An event is looked up by its conversation and by its contact.
  function indexKeys({ conversationId, contactId, aboutContactId }: LogScope): string[] {
    if (conversationId === undefined) return [contactId ?? ALL];
    return aboutContactId === undefined ? [conversationId] : [conversationId, aboutContactId];
  }

  function addTo(key: string, registration: Registration) {
    const others = index.get(key);
    if (others) others.push(registration);
    else index.set(key, [registration]);
  }

  function removeFrom(key: string, registration: Registration) {
    const registrations = index.get(key);
    const at = registrations?.indexOf(registration) ?? -1;
    if (at < 0) return;
    registrations?.splice(at, 1);
    if (registrations?.length === 0) index.delete(key);
  }

  function emitTo(key: string, event: LogEvent, matches: (scope: LogScope) => boolean = () => true) {
    // A copy: a listener may add and remove others.
    for (const registration of index.get(key)?.slice() ?? []) {
      const { scope, listener, isRemoved } = registration;
      if (isRemoved || !matches(scope) || !isInScope(scope, event)) continue;
      try {
        listener(event);
      } catch (error) {
        // The other listeners still get the event.
        log.error({ err: error, position: event.position }, 'a listener of the log failed');
      }
    }
  }

  return {
    /** Returns the function that removes the listener. */
    add(scope: LogScope, listener: LogListener): () => void {
      const registration: Registration = { scope, listener, isRemoved: false };
      for (const key of indexKeys(scope)) addTo(key, registration);
      return () => {
        registration.isRemoved = true;
        for (const key of indexKeys(scope)) removeFrom(key, registration);
      };
    },
    emit(event: LogEvent) {
      const { conversationId, contactId } = event;
      emitTo(ALL, event);
      if (conversationId !== null) emitTo(conversationId, event);
      // A listener to a conversation is also indexed by its contact, for events of the contact that have no conversation.
      if (contactId !== null)
        emitTo(contactId, event, (scope) => conversationId === null || scope.conversationId === undefined);
    },
    clear: () => index.clear(),
  };
}
