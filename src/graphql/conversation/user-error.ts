import {
  contactsVisibleTo,
  eventsVisibleTo,
  messagesVisibleTo,
  visibleTo,
} from '../../domain/core/access.ts';
import { UNVERSIONED_EVENTS } from '../../domain/core/conversation-change.ts';
import { LIMITS } from '../../domain/core/limits.ts';
import {
  AlreadyAssignedError,
  ContactBlockedError,
  ContactConflictError,
  ConversationClosedError,
  IdempotencyKeyReusedError,
  InvalidInputError,
  InvalidTransitionError,
  type InputIssue as Issue,
  NewerMessagesError,
  NotConfiguredError,
  NotFoundError,
  VersionConflictError,
} from '../../errors.ts';
import { Contact } from '../contact/contact.ts';
import { builder } from '../core/builder.ts';
import type { Context } from '../core/context.ts';
import { loadNode } from '../core/load-nodes.ts';
import { Actor } from '../core/node.ts';
import { Message } from '../message/message.ts';
import { Conversation } from './conversation.ts';

// What a mutation may answer instead of what it was asked to do.

export const UserError = builder.interfaceRef<Error>('UserError').implement({
  description: 'A refusal that a client can act on. Nothing was changed.',
  resolveType: (error) => error.name,
  fields: (t) => ({
    message: t.exposeString('message', {
      visibility: 'public',
      description: 'What is wrong and what to do, for a developer; not translated.',
    }),
  }),
});

const InputIssue = builder.objectRef<Issue>('InputIssue').implement({
  description: 'One thing that is wrong with an input.',
  fields: (t) => ({
    code: t.exposeString('code', {
      visibility: 'public',
      description: 'Stable, for programs: REQUIRED, TOO_LONG, TOO_MANY, NOT_AN_EMAIL …',
    }),
    message: t.exposeString('message', {
      visibility: 'public',
      description: 'What is wrong and what is expected.',
    }),
    path: t.stringList({
      visibility: 'public',
      description: 'Path of the input field at fault, from the argument inwards.',
      resolve: (issue) => [...issue.path],
    }),
  }),
});

const CURRENT_CONVERSATION = {
  visibility: 'public',
  description: 'The conversation as it stands.',
  resolve: (
    query: object,
    { conversationId }: { conversationId: string },
    _args: object,
    { db, readScope }: Context,
  ) => db.conversation.findFirstOrThrow({ ...query, where: { id: conversationId, ...visibleTo(readScope) } }),
} as const;

builder.objectType(NotFoundError, {
  name: 'NotFoundError',
  description: 'There is no such object, or the viewer may not see it: the two can not be told apart.',
  interfaces: [UserError],
});

builder.objectType(InvalidInputError, {
  name: 'InvalidInputError',
  description: 'The input can not be used.',
  interfaces: [UserError],
  fields: (t) => ({
    issues: t.field({
      type: [InputIssue],
      visibility: 'public',
      description: 'Everything that is wrong with it.',
      resolve: (error) => error.issues,
    }),
  }),
});

builder.objectType(VersionConflictError, {
  name: 'VersionConflictError',
  description:
    'Somebody was faster. Nothing was changed; here is what stands now, so that a page can show it.',
  interfaces: [UserError],
  fields: (t) => ({
    conversation: t.prismaField({ type: Conversation, ...CURRENT_CONVERSATION }),
    changedBy: t.field({
      type: Actor,
      nullable: true,
      visibility: 'public',
      description: 'Who changed it last; null when it happened by itself.',
      resolve: async ({ conversationId }, _args, context, info) => {
        const change = await findLastChange(context, conversationId);
        const actorId = change?.actorUserId ?? change?.actorContactId ?? change?.actorBotId;
        return actorId ? loadNode(actorId, context, info) : null;
      },
    }),
    changedAt: t.field({
      type: 'DateTime',
      nullable: true,
      visibility: 'public',
      description: 'When that was.',
      resolve: async ({ conversationId }, _args, context) =>
        (await findLastChange(context, conversationId))?.occurredAt ?? null,
    }),
  }),
});

function findLastChange({ db, readScope }: Context, conversationId: string) {
  return db.event.findFirst({
    where: { AND: [eventsVisibleTo(readScope), { conversationId, type: { notIn: UNVERSIONED_EVENTS } }] },
    orderBy: { position: 'desc' },
    select: { actorUserId: true, actorContactId: true, actorBotId: true, occurredAt: true },
  });
}

builder.objectType(AlreadyAssignedError, {
  name: 'AlreadyAssignedError',
  description: 'Somebody was faster: its owner is in it.',
  interfaces: [UserError],
  fields: (t) => ({ conversation: t.prismaField({ type: Conversation, ...CURRENT_CONVERSATION }) }),
});

builder.objectType(IdempotencyKeyReusedError, {
  name: 'IdempotencyKeyReusedError',
  description: 'The idempotencyKey was given before, with another input.',
  interfaces: [UserError],
});

builder.objectType(NotConfiguredError, {
  name: 'NotConfiguredError',
  description: 'Whoever runs this gateway has not set it up for this; the message says what to set.',
  interfaces: [UserError],
});

builder.objectType(InvalidTransitionError, {
  name: 'InvalidTransitionError',
  description: 'A conversation with its status can not get that one.',
  interfaces: [UserError],
  fields: (t) => ({ conversation: t.prismaField({ type: Conversation, ...CURRENT_CONVERSATION }) }),
});

builder.objectType(ConversationClosedError, {
  name: 'ConversationClosedError',
  description: 'A conversation that is CLOSED or SPAM takes no reply.',
  interfaces: [UserError],
  fields: (t) => ({ conversation: t.prismaField({ type: Conversation, ...CURRENT_CONVERSATION }) }),
});

builder.objectType(ContactBlockedError, {
  name: 'ContactBlockedError',
  description: 'The contact is blocked and can send nothing.',
  interfaces: [UserError],
});

builder.objectType(ContactConflictError, {
  name: 'ContactConflictError',
  description: 'Another contact has this identifier, email or phone number.',
  interfaces: [UserError],
  fields: (t) => ({
    // Not `contact`: a conversation's, beside which this is selected, is never null.
    conflictingContact: t.prismaField({
      type: Contact,
      visibility: 'team',
      nullable: true,
      description: 'The contact that has it. Null for a contact.',
      resolve: (query, { contactId }, _args, { db, readScope }) =>
        db.contact.findFirst({ ...query, where: { AND: [{ id: contactId }, contactsVisibleTo(readScope)] } }),
    }),
  }),
});

builder.objectType(NewerMessagesError, {
  name: 'NewerMessagesError',
  description: 'There are messages that the writer has not seen. Nothing was sent.',
  interfaces: [UserError],
  fields: (t) => ({
    conversation: t.prismaField({ type: Conversation, ...CURRENT_CONVERSATION }),
    newer: t.prismaField({
      type: [Message],
      visibility: 'public',
      description: `Those messages, oldest first; at most ${LIMITS.pageSize}.`,
      resolve: (query, { conversationId, expectedLastSeq }, _args, { db, readScope, viewerSide }) => {
        const column = viewerSide === 'team' ? 'seq' : 'publicSeq';
        return db.message.findMany({
          ...query,
          where: {
            AND: [messagesVisibleTo(readScope), { conversationId, [column]: { gt: expectedLastSeq } }],
          },
          orderBy: { [column]: 'asc' },
          take: LIMITS.pageSize,
        });
      },
    }),
  }),
});
