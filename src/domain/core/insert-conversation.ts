import type { Tx } from '../../db/client.ts';
import type { Prisma } from '../../db/generated/prisma/client.ts';
import type { NewEvent } from '../../feed/event.ts';
import { newIdWithUuid } from '../../ids.ts';
import { conversationEvent } from './change.ts';

type Columns = Omit<Prisma.ConversationUncheckedCreateInput, 'id' | 'uuid' | 'publicId' | 'number'>;

/** Makes a conversation; its number is given at the commit, to the CREATED event. */
export async function insertConversation(tx: Tx, columns: Columns): Promise<{ id: string; event: NewEvent }> {
  const { id, uuid } = newIdWithUuid('Conversation');
  await tx.conversation.create({ data: { ...columns, id, uuid, publicId: id }, select: { id: true } });
  const event = conversationEvent({ id, contactId: columns.contactId }, { type: 'CREATED', isPublic: true });
  return { id, event };
}
