import type { Bus } from '../../bus/bus.ts';
import { CHANNELS } from '../../bus/redis-names.ts';
import type { LogEvent } from '../../feed/event.ts';
import type { Log } from '../../log.ts';
import type { Viewers } from './viewer.ts';

/** A viewer's rights have changed. */
export interface ViewerChange {
  organizationId: string;
  viewerId: string;
  /** The viewer was removed or blocked. */
  isRevoked: boolean;
}

type ChangeFacts = Pick<LogEvent, 'organizationId' | 'type' | 'subjectId' | 'contactId' | 'changes'>;

/** The change of rights that an event describes; null for nearly all events. */
export function findViewerChange(event: ChangeFacts): ViewerChange | null {
  const { organizationId, type, subjectId, contactId, changes } = event;
  const isOfContact = type === 'CONTACT_CHANGED';
  if (!isOfContact && type !== 'USER_CHANGED' && type !== 'SETTINGS_CHANGED') return null;
  const viewerId = isOfContact ? contactId : subjectId;
  const rights = changes.filter(({ field }) => ['role', 'removedAt', 'blocked'].includes(field));
  if (viewerId === null || rights.length === 0) return null;
  const isRevoked = rights.some(
    ({ field, after }) =>
      (field === 'removedAt' && after !== null) || (field === 'blocked' && after === true),
  );
  return { organizationId, viewerId, isRevoked };
}

export type ViewerChanges = ReturnType<typeof createViewerChanges>;

/**
 * Makes every node forget what it knows of a viewer whose rights have changed: this one before the change is answered, the others over
 * the bus, whether or not they follow the organization's log.
 */
export function createViewerChanges({
  bus,
  viewers,
  log,
}: {
  bus: Bus;
  viewers: Pick<Viewers, 'forget' | 'forgetAll'>;
  log: Log;
}) {
  const revocationListeners: ((change: ViewerChange) => void)[] = [];

  function apply(change: ViewerChange) {
    viewers.forget(change.organizationId, change.viewerId);
    if (change.isRevoked) for (const listener of revocationListeners) listener(change);
  }

  bus.onReconnect(() => viewers.forgetAll());

  return {
    /** Call with the events of each change right after its commit. */
    announce(events: readonly ChangeFacts[]) {
      for (const event of events) {
        const change = findViewerChange(event);
        if (!change) continue;
        apply(change);
        bus.publish(CHANNELS.viewers(), JSON.stringify(change));
      }
    },
    /** Calls back on this node when a viewer was removed or blocked on any node. */
    onRevoked(listener: (change: ViewerChange) => void) {
      revocationListeners.push(listener);
    },
    /** Listens to the other nodes. Returns a function that stops. */
    start(): Promise<() => Promise<void>> {
      return bus.subscribe(CHANNELS.viewers(), (message) => {
        const change = parseViewerChange(message);
        if (change) return apply(change);
        log.warn('a message on the bus is no change of a viewer; all viewers are read again');
        viewers.forgetAll();
      });
    },
  };
}

function parseViewerChange(message: string): ViewerChange | null {
  try {
    const change: Partial<ViewerChange> | null = JSON.parse(message);
    const { organizationId, viewerId, isRevoked } = change ?? {};
    if (typeof organizationId !== 'string' || typeof viewerId !== 'string') return null;
    return { organizationId, viewerId, isRevoked: isRevoked === true };
  } catch {
    return null;
  }
}
