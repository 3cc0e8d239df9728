import type { LogEvent } from '../feed/event.ts';

// Bounds memory; beyond it all versions are renewed at once.
const MAX_CONTACTS = 10_000;

export type Redactions = ReturnType<typeof createRedactions>;

/**
 * Versions of what events may show. Each event that edits or deletes a message, or deletes a conversation, gives its contact a new
 * version: what was read at an older one may show text that is gone. By contact, since a frame can reach all conversations of the
 * contact through the graph, and no conversation of another.
 */
export function createRedactions() {
  const versions = new Map<string, number>();
  let latest = 0;
  let baseline = 0;

  return {
    /** Takes note of an event of the log. Must be called before anything is executed for this event or a later one. */
    apply(event: LogEvent) {
      if (event.contactId === null || !isRedaction(event)) return;
      if (versions.size >= MAX_CONTACTS) {
        versions.clear();
        baseline = latest;
      }
      latest += 1;
      versions.set(event.contactId, latest);
    },
    /** Changes with every redaction: for what may show any contact, such as a state. */
    latestVersion: () => latest,
    versionOf({ contactId }: LogEvent): number {
      return (contactId === null ? undefined : versions.get(contactId)) ?? baseline;
    },
  };
}

function isRedaction({ type, changes }: LogEvent): boolean {
  if (type === 'DELETED') return true;
  return type === 'MESSAGE_CHANGED' && changes.some(({ field }) => field !== 'deliveryStatus');
}
