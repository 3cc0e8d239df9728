import { ConversationPriority as Priority } from '../../db/generated/prisma/enums.ts';
import { BadArgumentError } from '../../errors.ts';
import { LIMITS } from '../../limits.ts';
import { builder } from '../core/builder.ts';
import { COUNT_COST } from '../core/complexity.ts';
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

export const ConversationConnection = defineConnection(Conversation, { countCost: COUNT_COST });

export const ConversationFilter = builder.inputType('ConversationFilter', {
  description: `Conditions that a conversation must all meet. A list condition is met by any one of its values, of which there are at most ${LIMITS.filterValues}; an empty list matches nothing. An omitted condition, or null, matches everything.`,
  fields: (t) => ({
    text: t.string({
      description: `Search words separated by whitespace, at most ${LIMITS.filterWords} words and ${LIMITS.filterText} characters in all. Each word must occur, in any case, in the name, in the contact's name or email, or in a message that the viewer can see. The results keep the order of the list; there is no ranking.`,
    }),
    status: t.field({
      type: [ConversationStatus],
      description: 'The conversation has one of these statuses.',
    }),
    ownerId: t.idList({ description: 'The owner is one of these team members, by id (USR-…).' }),
    assignment: t.field({
      type: AssignmentFilter,
      description: 'The conversation has the viewer as owner, has any owner, or has none.',
    }),
    memberId: t.idList({ description: 'One of these team members, by id (USR-…), is a member. Team only.' }),
    contactId: t.idList({ description: 'The contact is one of these, by id (CTC-…).' }),
    botId: t.idList({ description: 'The bot is one of these, by id (BOT-…).' }),
    websiteId: t.idList({ description: 'The website is one of these, by id (WEB-…).' }),
    audienceId: t.idList({ description: 'The audience is one of these, by id (AUD-…).' }),
    channelId: t.idList({ description: 'The channel is one of these, by id (CHN-…).' }),
    channelType: t.field({ type: [ChannelType], description: 'The channel has one of these types.' }),
    businessUnitId: t.idList({ description: 'The business unit is one of these, by id (BUN-…).' }),
    priority: t.field({
      type: [ConversationPriority],
      description: 'The priority is one of these. Team only.',
    }),
    labels: t.stringList({
      description: 'The conversation has at least one of these labels, spelled exactly. Team only.',
    }),
    isUnread: t.boolean({
      description:
        'True: messages from the other side are unread by the viewer, who is a member or the contact. False: none are.',
    }),
    isWaiting: t.boolean({
      description: 'True: the contact is waiting for an answer (waitingSince is set). False: they are not.',
    }),
    isDeleted: t.boolean({
      defaultValue: false,
      description: 'True: only deleted conversations. False: only those that are not deleted. Team only.',
    }),
    initiatedBy: t.field({ type: [Initiator], description: 'One of these sides started the conversation.' }),
    mentions: t.idList({
      description: 'A message mentions one of these team members, by id (USR-…). Team only.',
    }),
    createdAfter: t.field({
      type: 'DateTime',
      description: 'The conversation was created after this time, exclusive.',
    }),
    createdBefore: t.field({
      type: 'DateTime',
      description: 'The conversation was created before this time, exclusive.',
    }),
    updatedAfter: t.field({ type: 'DateTime', description: '`updatedAt` is after this time, exclusive.' }),
  }),
});

export const ConversationOrder = builder.inputType('ConversationOrder', {
  description:
    'Order of a list of conversations. Nulls come last in both directions; equal values are ordered by id.',
  fields: (t) => ({
    field: t.field({ type: ConversationOrderField, required: true, description: 'The value to order by.' }),
    direction: t.field({
      type: OrderDirection,
      required: true,
      description: 'ASC: smallest or oldest first. DESC: largest or newest first.',
    }),
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

/** Order for keyset pagination; newest first by default. Throws BadArgumentError for a contact who orders by priority. */
export function toPageOrder(
  orderBy: ConversationOrderInput | null | undefined,
  viewerSide: Context['viewerSide'],
): PageOrder {
  const { field, direction } = orderBy ?? NEWEST_FIRST;
  // The order of the rows would reveal the hidden field.
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
    description: 'Conditions of the list. Default: all conversations that are not deleted.',
  }),
  orderBy: t.field({
    type: ConversationOrder,
    description: 'Order of the list. Default: LAST_INTERACTED_AT DESC, the newest first.',
  }),
}));
