import { ConversationPriority as Priority } from '../../db/generated/prisma/enums.ts';
import { LIMITS } from '../../domain/core/limits.ts';
import { BadArgumentError } from '../../errors.ts';
import { builder } from '../core/builder.ts';
import { defineConnection } from '../core/connection.ts';
import type { Context } from '../core/context.ts';
import {
  AssignmentFilter,
  ChannelType,
  ConversationOrderField,
  ConversationPriority,
  ConversationStatus,
  Initiator,
  OrderDirection,
} from '../core/enums.ts';
import type { PageOrder } from '../core/keyset.ts';
import { Conversation } from './conversation.ts';

export const ConversationConnection = defineConnection(Conversation, { counted: true });

export const ConversationFilter = builder.inputType('ConversationFilter', {
  description: `All given conditions must hold. A list condition holds when any of its values does; it takes at most ${LIMITS.filterValues}.`,
  fields: (t) => ({
    text: t.string({
      description: `Words that must all occur in its name, its contact or its messages, in the list's own order. At most ${LIMITS.filterText} characters.`,
    }),
    status: t.field({ type: [ConversationStatus], description: 'How it stands.' }),
    ownerId: t.idList({ description: 'Who answers for it.' }),
    assignment: t.field({
      type: AssignmentFilter,
      description: 'Whether it has an owner, or has the viewer as owner.',
    }),
    memberId: t.idList({ description: 'Who is in it. Not for contacts.' }),
    contactId: t.idList({ description: 'Who it is with.' }),
    botId: t.idList({ description: 'Which bot facilitated it.' }),
    websiteId: t.idList({ description: 'Which website it began on.' }),
    audienceId: t.idList({ description: 'Which audience it was aimed at.' }),
    channelId: t.idList({ description: 'What it comes in through.' }),
    channelType: t.field({ type: [ChannelType], description: 'What kind of channel it comes in through.' }),
    businessUnitId: t.idList({ description: 'Which part of the organization it belongs to.' }),
    priority: t.field({ type: [ConversationPriority], description: 'How urgent it is. Not for contacts.' }),
    labels: t.stringList({ description: 'It has one of these labels. Not for contacts.' }),
    isUnread: t.boolean({
      description: 'Whether there is something that the viewer, a member or the contact, has not read.',
    }),
    isWaiting: t.boolean({ description: 'Whether the contact waits for our answer.' }),
    isDeleted: t.boolean({ defaultValue: false, description: 'True: only deleted ones. Not for contacts.' }),
    initiatedBy: t.field({ type: [Initiator], description: 'Who began it.' }),
    mentions: t.idList({ description: 'A note in it mentions one of these team members. Not for contacts.' }),
    createdAfter: t.field({ type: 'DateTime', description: 'It began later than this.' }),
    createdBefore: t.field({ type: 'DateTime', description: 'It began earlier than this.' }),
    updatedAfter: t.field({ type: 'DateTime', description: 'It changed later than this.' }),
  }),
});

export const ConversationOrder = builder.inputType('ConversationOrder', {
  description: 'The order of a list of conversations. Nulls come last, equal values by id.',
  fields: (t) => ({
    field: t.field({ type: ConversationOrderField, required: true, description: 'By what.' }),
    direction: t.field({ type: OrderDirection, required: true, description: 'Up or down.' }),
  }),
});

const COLUMNS = {
  LAST_INTERACTED_AT: { column: 'lastInteractedAt' },
  CREATED_AT: { column: 'createdAt' },
  WAITING_SINCE: { column: 'waitingSince', isNullable: true },
  PRIORITY: { column: 'priority', isNullable: true, ranks: Object.values(Priority) },
} satisfies Record<(typeof ConversationOrderField)['$inferType'], Partial<PageOrder>>;

type ConversationOrderInput = (typeof ConversationOrder)['$inferInput'];

const NEWEST_FIRST: ConversationOrderInput = { field: 'LAST_INTERACTED_AT', direction: 'DESC' };

/** The order as keyset paging takes it; without one, the newest first. */
export function toPageOrder(
  orderBy: ConversationOrderInput | null | undefined,
  viewerSide: Context['viewerSide'],
): PageOrder {
  const { field, direction } = orderBy ?? NEWEST_FIRST;
  // The order would tell what the field does not.
  if (field === 'PRIORITY' && viewerSide === 'contact') {
    throw new BadArgumentError('orderBy.field', "PRIORITY is for the team; a contact can't order by it.");
  }
  return {
    ...COLUMNS[field],
    name: `${field} ${direction}`,
    direction: direction === 'ASC' ? 'asc' : 'desc',
  };
}

export const LIST_ARGS = builder.args((t) => ({
  filter: t.field({
    type: ConversationFilter,
    description: 'Which ones. Left out: all that are not deleted.',
  }),
  orderBy: t.field({
    type: ConversationOrder,
    description: 'In which order. Left out: by LAST_INTERACTED_AT, the newest first.',
  }),
}));
