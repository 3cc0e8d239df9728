import type { Prisma } from '../../db/generated/prisma/client.ts';
import { listAbilities } from '../../domain/core/ability.ts';
import { allowedStatuses } from '../../domain/core/status.ts';
import { LIMITS } from '../../limits.ts';
import { ADDRESSES, Address } from '../contact/address.ts';
import { builder } from '../core/builder.ts';
import {
  ConversationAbility,
  ConversationPriority,
  ConversationStatus,
  Handler,
  Initiator,
} from '../core/enums.ts';
import { Node } from '../core/node.ts';
import { ORIGIN } from '../core/origin.ts';
import { Message } from '../message/message.ts';
import { Answer, ConversationMember, ConversationReference } from './parts.ts';

// Every selection of members uses the same order, so that Prisma merges them into one query.
export const MEMBER_ORDER: Prisma.ConversationMemberOrderByWithRelationInput[] = [
  { joinedAt: 'asc' },
  { userId: 'asc' },
];

export const Conversation = builder.prismaObject('Conversation', {
  description: 'A thread of messages between one contact and the team or a bot.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    uuid: t.expose('uuid', {
      type: 'UUID',
      visibility: 'public',
      description:
        'Unique UUID of the conversation, for systems that need one. Taken from the upstream system if that has one.',
    }),
    number: t.int({
      visibility: 'public',
      description:
        'Short number for people, such as 1234 in #1234. Counts up from 1 in each organization and never changes.',
      select: { number: true },
      resolve: ({ number }) => {
        if (number === null) throw new Error('a committed conversation has no number');
        return number;
      },
    }),
    publicId: t.exposeString('publicId', {
      visibility: 'public',
      description:
        'Id that is unique within the organization: the id in the upstream system if that is free, otherwise the same as `id`.',
    }),
    organization: t.relation('organization', {
      visibility: 'public',
      description: 'The organization that the conversation belongs to.',
    }),
    businessUnit: t.relation('businessUnit', {
      nullable: true,
      visibility: 'public',
      description: 'The business unit that the conversation belongs to; null if there is none.',
    }),
    name: t.exposeString('name', {
      visibility: 'public',
      description: `Name to show in lists, at most ${LIMITS.name} characters. Initially the contact's name unless another is given.`,
    }),
    detail: t.exposeString('detail', {
      nullable: true,
      visibility: 'public',
      description: `Longer description, at most ${LIMITS.detail} characters; null if there is none.`,
    }),
    status: t.expose('status', {
      type: ConversationStatus,
      visibility: 'public',
      description: 'The status; `allowedStatuses` lists the statuses that the viewer can set next.',
    }),
    priority: t.expose('priority', {
      type: ConversationPriority,
      nullable: true,
      visibility: 'team',
      description: 'The priority. Null if none is set, and for a contact.',
    }),
    snoozedUntil: t.expose('snoozedUntil', {
      type: 'DateTime',
      nullable: true,
      visibility: 'team',
      description:
        'Time at which a SNOOZED conversation opens again automatically. Null for other statuses, and for a contact.',
    }),
    initiatedBy: t.expose('initiatedBy', {
      type: Initiator,
      visibility: 'public',
      description: 'The side that started the conversation: the contact, a bot, a team member or a system.',
    }),
    reference: t.field({
      type: ConversationReference,
      nullable: true,
      visibility: 'public',
      description:
        "The channel's own name for the conversation, such as a phone number or a LINE user id. Null if it has none.",
      select: { referenceType: true, referenceTarget: true },
      resolve: ({ referenceType, referenceTarget }) =>
        referenceType === null || referenceTarget === null
          ? null
          : { type: referenceType, target: referenceTarget },
    }),
    source: t.field({
      type: Address,
      nullable: true,
      visibility: 'public',
      description:
        "The organization's own address in the conversation, such as the number that was called. Null if unknown.",
      select: {
        sourceType: true,
        sourceTarget: true,
        sourceTargetName: true,
        sourceName: true,
        sourceDetail: true,
      },
      resolve: (row) =>
        row.sourceType === null
          ? null
          : {
              type: row.sourceType,
              target: row.sourceTarget ?? '',
              targetName: row.sourceTargetName,
              name: row.sourceName,
              detail: row.sourceDetail,
            },
    }),
    participants: t.field({
      type: [Address],
      visibility: 'team',
      description:
        'Addresses of all parties of the conversation, in the order given at creation. Empty for a contact.',
      select: { participants: ADDRESSES },
      resolve: (conversation) => conversation.participants,
    }),
    channel: t.relation('channel', {
      visibility: 'public',
      description: 'The channel through which the contact writes.',
    }),
    contact: t.relation('contact', {
      visibility: 'public',
      description: 'The contact that the team talks to.',
    }),
    owner: t.relation('owner', {
      nullable: true,
      visibility: 'public',
      description: 'The team member responsible for the conversation. Null if it is unassigned.',
    }),
    members: t.field({
      type: [ConversationMember],
      nullable: true,
      visibility: 'team',
      description:
        'Members of the conversation, including the owner, ordered by the time they joined. Null for a contact.',
      select: (_args, _context, nested) => ({ members: nested({ orderBy: MEMBER_ORDER }) }),
      resolve: (conversation) => conversation.members,
    }),
    bot: t.relation('bot', {
      nullable: true,
      visibility: 'public',
      description: 'The bot that handles or handled the conversation; null if there is none.',
    }),
    handledBy: t.expose('handledBy', {
      type: Handler,
      visibility: 'public',
      description: 'The side that answers the contact at present: BOT or TEAM.',
    }),
    website: t.relation('website', {
      nullable: true,
      visibility: 'public',
      description: 'The website on which the conversation began; null if it did not begin on one.',
    }),
    audience: t.relation('audience', {
      nullable: true,
      visibility: 'public',
      description: 'The audience at which the conversation was aimed; null if there is none.',
    }),
    answers: t.relation('answers', {
      type: Answer,
      visibility: 'public',
      description: 'Questions that the contact was asked and their answers, in the order they were recorded.',
      query: { orderBy: { ordinal: 'asc' } },
    }),
    bookings: t.exposeStringList('bookings', {
      visibility: 'public',
      description: `Ids of related bookings in the booking system, at most ${LIMITS.bookings}.`,
    }),
    labels: t.exposeStringList('labels', {
      nullable: true,
      visibility: 'team',
      description: `Labels set by the team, at most ${LIMITS.labels}, in the order they were added. Null for a contact.`,
    }),
    customAttributes: t.expose('customAttributes', {
      type: 'JSON',
      nullable: true,
      visibility: 'team',
      description: "The team's own fields: a JSON object, empty if none is set. Null for a contact.",
    }),
    lastMessage: t.field({
      type: Message,
      nullable: true,
      visibility: 'public',
      description:
        'The newest message that the viewer can see: for the team including notes, for a contact without them. Null if there is none.',
      // Loads only the row that this side may see.
      select: (_args, { viewerSide }, nested) => ({
        lastMessage: viewerSide === 'team' && nested(),
        lastPublicMessage: viewerSide === 'contact' && nested(),
      }),
      resolvesFromParent: true,
      resolve: (row) => (row.lastMessage === undefined ? row.lastPublicMessage : row.lastMessage),
    }),
    waitingSince: t.expose('waitingSince', {
      type: 'DateTime',
      nullable: true,
      visibility: 'public',
      description:
        'Time since which the contact has been waiting for an answer: their first message without a reply. Null if they are not waiting.',
    }),
    firstRepliedAt: t.expose('firstRepliedAt', {
      type: 'DateTime',
      nullable: true,
      visibility: 'public',
      description:
        "Time of the first reply by a team member; replies of bots and notes don't count. Null if there was none.",
    }),
    resolvedAt: t.expose('resolvedAt', {
      type: 'DateTime',
      nullable: true,
      visibility: 'public',
      description:
        'Time at which the conversation became RESOLVED, CLOSED or ABANDONED. Null in all other statuses.',
    }),
    reopenedCount: t.exposeInt('reopenedCount', {
      visibility: 'public',
      description:
        'Number of times the conversation went from RESOLVED, CLOSED or ABANDONED to any other status but these three.',
    }),
    lastInteractedAt: t.expose('lastInteractedAt', {
      type: 'DateTime',
      visibility: 'public',
      description:
        'Time of the newest message that the contact can see; without one the time of creation. The default order of lists.',
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      visibility: 'public',
      description: 'Time at which the conversation was created.',
    }),
    updatedAt: t.expose('updatedAt', {
      type: 'DateTime',
      visibility: 'public',
      description:
        "Time of the last change that the contact can see; notes and team-only fields don't move it.",
    }),
    deletedAt: t.expose('deletedAt', {
      type: 'DateTime',
      nullable: true,
      visibility: 'public',
      description:
        'Time of deletion, after which the conversation can be restored. Null if it is not deleted, and so always for a contact.',
    }),
    version: t.exposeInt('version', {
      nullable: true,
      visibility: 'team',
      description:
        'Version for optimistic concurrency: increases with every change of the conversation itself, not with messages or read positions. Send it as expectedVersion, and the change fails if somebody else was faster. Null for a contact.',
    }),
    viewerCan: t.field({
      type: [ConversationAbility],
      visibility: 'public',
      description:
        'Actions that the viewer can take on this conversation at present. Empty if the conversation is deleted.',
      select: { status: true, ownerId: true, deletedAt: true },
      resolve: (row, _args, { viewer, videoCalls }) =>
        listAbilities(viewer, row, { hasVideo: videoCalls.isConfigured }),
    }),
    allowedStatuses: t.field({
      type: [ConversationStatus],
      visibility: 'public',
      description: 'Statuses that the viewer can set at present; for a contact only RESOLVED or none.',
      select: { status: true },
      resolve: (row, _args, { readScope }) => [...allowedStatuses(readScope, row.status)],
    }),
    origin: t.field(ORIGIN),
  }),
});
