import type { Gateway } from './gateway.ts';
import { stateOf } from './log.ts';

/** A snapshot of all rows of an organization: two are equal when nothing changed in between. */
export async function footprintOf(gateway: Pick<Gateway, 'db'>, organizationId: string) {
  const { reads } = gateway.db;
  const where = { organizationId };
  const { head } = await stateOf(gateway, organizationId);
  return {
    head,
    events: await reads.event.count({ where }),
    messages: await reads.message.count({ where }),
    contacts: await reads.contact.count({ where }),
    members: await reads.conversationMember.count({ where }),
    conversations: await reads.conversation.findMany({ where, orderBy: { id: 'asc' } }),
  };
}
