import type { Prisma } from '../db/generated/prisma/client.ts';
import type { Author, NewEvent } from '../feed/event.ts';

/** An event of the past. */
export interface PastEvent extends NewEvent {
  occurredAt: Date;
  author: Author;
}

export type Rows = ReturnType<typeof createRows>;

/** Everything that the demo is made of, table by table in an order in which it can be inserted, before any of it is written. */
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
    Conversation: [] as Prisma.ConversationCreateManyInput[],
    ConversationMember: [] as Prisma.ConversationMemberCreateManyInput[],
    ConversationAddress: [] as Prisma.ConversationAddressCreateManyInput[],
    Answer: [] as Prisma.AnswerCreateManyInput[],
    Message: [] as Prisma.MessageCreateManyInput[],
    Attachment: [] as Prisma.AttachmentCreateManyInput[],
    Mention: [] as Prisma.MentionCreateManyInput[],
    events: [] as PastEvent[],
  };
}
