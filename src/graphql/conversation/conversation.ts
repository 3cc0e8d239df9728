import type { Prisma } from '../../db/generated/prisma/client.ts';
import { listAbilities } from '../../domain/core/ability.ts';
import { allowedStatuses } from '../../domain/core/status.ts';
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

// One order for all who select members, so that they are read once.
export const MEMBER_ORDER: Prisma.ConversationMemberOrderByWithRelationInput[] = [
  { joinedAt: 'asc' },
  { userId: 'asc' },
];

export const Conversation = builder.prismaObject('Conversation', {
  description: 'A thread between a contact and the team, or a bot.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    uuid: t.expose('uuid', {
      type: 'UUID',
      visibility: 'public',
      description:
        "Another unique name, for systems that want a UUID: the upstream system's own where it has one.",
    }),
    number: t.int({
      visibility: 'public',
      description: 'The number that people say aloud (#1234): counts up from 1 in each organization.',
      select: { number: true },
      resolve: ({ number }) => {
        if (number === null) throw new Error('a committed conversation has no number');
        return number;
      },
    }),
    publicId: t.exposeString('publicId', {
      visibility: 'public',
      description:
        "Unique in the organization: the upstream system's own id where that is free, else one of ours.",
    }),
    organization: t.relation('organization', {
      visibility: 'public',
      description: 'Whose conversation it is.',
    }),
    businessUnit: t.relation('businessUnit', {
      nullable: true,
      visibility: 'public',
      description: 'The part of the organization that it belongs to.',
    }),
    name: t.exposeString('name', { visibility: 'public', description: 'What it is called in lists.' }),
    detail: t.exposeString('detail', { nullable: true, visibility: 'public', description: 'More about it.' }),
    status: t.expose('status', {
      type: ConversationStatus,
      visibility: 'public',
      description: 'How it stands.',
    }),
    priority: t.expose('priority', {
      type: ConversationPriority,
      nullable: true,
      visibility: 'team',
      description: 'How urgent it is. Null for a contact.',
    }),
    snoozedUntil: t.expose('snoozedUntil', {
      type: 'DateTime',
      nullable: true,
      visibility: 'team',
      description: 'When it opens again by itself. Null unless it is SNOOZED, and for a contact.',
    }),
    initiatedBy: t.expose('initiatedBy', {
      type: Initiator,
      visibility: 'public',
      description: 'Who began it.',
    }),
    reference: t.field({
      type: ConversationReference,
      nullable: true,
      visibility: 'public',
      description:
        "How it entered: the channel type's own reference, such as a phone number or a LINE user id.",
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
      description: 'Our own address in it.',
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
      description: "Everybody's addresses in it. Empty for a contact.",
      select: { participants: ADDRESSES },
      resolve: (conversation) => conversation.participants,
    }),
    channel: t.relation('channel', { visibility: 'public', description: 'What it comes in through.' }),
    contact: t.relation('contact', { visibility: 'public', description: 'Who the team talks with.' }),
    owner: t.relation('owner', {
      nullable: true,
      visibility: 'public',
      description: 'The team member who answers for it. Null: unassigned.',
    }),
    members: t.field({
      type: [ConversationMember],
      nullable: true,
      visibility: 'team',
      description:
        'The team members who are in it, the owner included, by when they joined. Null for a contact.',
      select: (_args, _context, nested) => ({ members: nested({ orderBy: MEMBER_ORDER }) }),
      resolve: (conversation) => conversation.members,
    }),
    bot: t.relation('bot', {
      nullable: true,
      visibility: 'public',
      description: 'The bot that facilitated it.',
    }),
    handledBy: t.expose('handledBy', {
      type: Handler,
      visibility: 'public',
      description: 'Who answers at present.',
    }),
    website: t.relation('website', {
      nullable: true,
      visibility: 'public',
      description: 'The website that it began on.',
    }),
    audience: t.relation('audience', {
      nullable: true,
      visibility: 'public',
      description: 'The group of visitors that it was aimed at.',
    }),
    answers: t.relation('answers', {
      type: Answer,
      visibility: 'public',
      description: 'What the contact was asked, in order, and what they answered.',
      query: { orderBy: { ordinal: 'asc' } },
    }),
    bookings: t.exposeStringList('bookings', {
      visibility: 'public',
      description: 'Ids of the bookings that came of it, as the booking system has them.',
    }),
    labels: t.exposeStringList('labels', {
      nullable: true,
      visibility: 'team',
      description: 'Labels of the team. Null for a contact.',
    }),
    customAttributes: t.expose('customAttributes', {
      type: 'JSON',
      nullable: true,
      visibility: 'team',
      description: "The team's own fields. Null for a contact.",
    }),
    lastMessage: t.field({
      type: Message,
      nullable: true,
      visibility: 'public',
      description: 'The newest message that the viewer may see.',
      // Only the one that this viewer may see is read.
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
      description: 'Since when the contact waits for our answer. Null: they do not.',
    }),
    firstRepliedAt: t.expose('firstRepliedAt', {
      type: 'DateTime',
      nullable: true,
      visibility: 'public',
      description: 'When a team member first answered.',
    }),
    resolvedAt: t.expose('resolvedAt', {
      type: 'DateTime',
      nullable: true,
      visibility: 'public',
      description: 'When it was resolved, closed or abandoned; null while it is worked on.',
    }),
    reopenedCount: t.exposeInt('reopenedCount', {
      visibility: 'public',
      description: 'How often it went from resolved, closed or abandoned back to work.',
    }),
    lastInteractedAt: t.expose('lastInteractedAt', {
      type: 'DateTime',
      visibility: 'public',
      description:
        'When the newest message was written that the contact may see; the beginning, where there is none.',
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      visibility: 'public',
      description: 'When it began.',
    }),
    updatedAt: t.expose('updatedAt', {
      type: 'DateTime',
      visibility: 'public',
      description: 'When it last changed in a way that the contact may see.',
    }),
    deletedAt: t.expose('deletedAt', {
      type: 'DateTime',
      nullable: true,
      visibility: 'public',
      description: 'When it was deleted. It can be restored.',
    }),
    version: t.exposeInt('version', {
      nullable: true,
      visibility: 'team',
      description:
        'Counts up with every change of name, detail, status, priority, owner, members, labels and attributes; not with messages or reads. Give it back as expectedVersion to have a change refused if someone else was faster. Null for a contact.',
    }),
    viewerCan: t.field({
      type: [ConversationAbility],
      visibility: 'public',
      description: 'What the viewer may do here now, so that a page shows no button that will be refused.',
      select: { status: true, ownerId: true, deletedAt: true },
      resolve: (row, _args, { viewer, videoCalls }) =>
        listAbilities(viewer, row, { hasVideo: videoCalls.isConfigured }),
    }),
    allowedStatuses: t.field({
      type: [ConversationStatus],
      visibility: 'public',
      description: 'What the viewer may set the status to now.',
      select: { status: true },
      resolve: (row, _args, { readScope }) => [...allowedStatuses(readScope, row.status)],
    }),
    origin: t.field(ORIGIN),
  }),
});
