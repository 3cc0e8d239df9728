import type { Conversation, ConversationMember, Message, Prisma } from '../db/generated/prisma/client.ts';
import type { Author, NewEvent } from '../feed/event.ts';

/** An event with its time and author, as an import writes it. */
export interface PastEvent extends NewEvent {
  occurredAt: Date;
  author: Author;
}

export type Rows = ReturnType<typeof createRows>;

/** All rows of the demo in memory: tables in an order in which they can be inserted, and the events. */
export function createRows() {
  return {
    BusinessUnit: [] as Prisma.BusinessUnitCreateManyInput[],
    Channel: [] as Prisma.ChannelCreateManyInput[],
    User: [] as Prisma.UserCreateManyInput[],
    Bot: [] as Prisma.BotCreateManyInput[],
    Website: [] as Prisma.WebsiteCreateManyInput[],
    Audience: [] as Prisma.AudienceCreateManyInput[],
    Contact: [] as Prisma.ContactCreateManyInput[],
    ContactAddress: [] as Prisma.ContactAddressCreateManyInput[],
    Conversation: [] as Conversation[],
    ConversationMember: [] as ConversationMember[],
    ConversationAddress: [] as Prisma.ConversationAddressCreateManyInput[],
    Answer: [] as Prisma.AnswerCreateManyInput[],
    Message: [] as Message[],
    Attachment: [] as Prisma.AttachmentCreateManyInput[],
    Mention: [] as Prisma.MentionCreateManyInput[],
    events: [] as PastEvent[],
  };
}
