import type { ActivityReport, ActivityStore, ConversationRef } from './activity-store.ts';

interface StoredReport {
  report: ActivityReport;
  expiresAt: number;
  timer: NodeJS.Timeout;
}

/** The activity store of a single node. */
export function createMemoryActivityStore(): ActivityStore {
  const byConversation = new Map<string, Map<string, StoredReport>>();

  function remove(key: string, actorId: string) {
    const reports = byConversation.get(key);
    clearTimeout(reports?.get(actorId)?.timer);
    reports?.delete(actorId);
    if (reports?.size === 0) byConversation.delete(key);
  }

  return {
    async save(conversation, report) {
      const key = keyOf(conversation);
      const { actorId, activity, forMs } = report;
      remove(key, actorId);
      if (activity === 'NONE') return;
      const timer = setTimeout(() => remove(key, actorId), forMs);
      const reports = byConversation.get(key) ?? new Map<string, StoredReport>();
      byConversation.set(key, reports.set(actorId, { report, timer, expiresAt: Date.now() + forMs }));
    },
    async read(conversation) {
      const reports = [...(byConversation.get(keyOf(conversation))?.values() ?? [])];
      return reports.map(({ report, expiresAt }) => ({ ...report, forMs: expiresAt - Date.now() }));
    },
    async stop() {
      for (const reports of byConversation.values())
        for (const { timer } of reports.values()) clearTimeout(timer);
      byConversation.clear();
    },
  };
}

function keyOf({ organizationId, conversationId }: ConversationRef): string {
  return `${organizationId} ${conversationId}`;
}
