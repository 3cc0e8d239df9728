import type { Tx } from '../../db/client.ts';
import type { Prisma } from '../../db/generated/prisma/client.ts';
import type { NewEvent } from '../../feed/event.ts';
import { newIdWithUuid } from '../../ids.ts';
import { buildConversationEvent } from './conversation-change.ts';

type NewConversationColumns = Omit<
  Prisma.ConversationUncheckedCreateInput,
  'id' | 'uuid' | 'publicId' | 'number'
>;

/** Makes a conversation; its number is given at the commit, to the CREATED event. */
export async function insertConversation(
  tx: Tx,
  columns: NewConversationColumns,
): Promise<{ id: string; event: NewEvent }> {
  const { id, uuid } = newIdWithUuid('Conversation');
  await tx.conversation.create({ data: { ...columns, id, uuid, publicId: id }, select: { id: true } });
  const event = buildConversationEvent(
    { id, contactId: columns.contactId },
    { type: 'CREATED', isPublic: true },
  );
  return { id, event };
}
