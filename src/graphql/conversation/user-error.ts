import {
  contactsVisibleTo,
  eventsVisibleTo,
  messagesVisibleTo,
  visibleTo,
} from '../../domain/core/access.ts';
import { UNVERSIONED_EVENTS } from '../../domain/core/conversation-change.ts';
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
import { LIMITS } from '../../limits.ts';
import { Contact } from '../contact/contact.ts';
import { builder } from '../core/builder.ts';
import { STATEMENT_COST } from '../core/complexity.ts';
import type { Context } from '../core/context.ts';
import { loadNode } from '../core/load-nodes.ts';
import { Actor } from '../core/node.ts';
import { Message } from '../message/message.ts';
import { Conversation } from './conversation.ts';

// Members of the result unions of mutations, besides the payload.

export const UserError = builder.interfaceRef<Error>('UserError').implement({
  description: 'An expected error of a mutation that the client can handle. Nothing was changed.',
  resolveType: (error) => error.name,
  fields: (t) => ({
    message: t.exposeString('message', {
      visibility: 'public',
      description: 'Problem and remedy in English, for developers; not meant to be shown to users.',
    }),
  }),
});

const InputIssue = builder.objectRef<Issue>('InputIssue').implement({
  description: 'One problem of an input, with the path of its field.',
  fields: (t) => ({
    code: t.exposeString('code', {
      visibility: 'public',
      description: 'Stable code for programs, such as REQUIRED, TOO_LONG, TOO_MANY or NOT_AN_EMAIL.',
    }),
    message: t.exposeString('message', {
      visibility: 'public',
      description: 'Problem and expected value in English, for developers.',
    }),
    path: t.stringList({
      visibility: 'public',
      description:
        'Path of the input field from the argument inwards, with list indexes as strings, such as ["input", "labels", "0"].',
      resolve: (issue) => [...issue.path],
    }),
  }),
});

const CURRENT_CONVERSATION = {
  complexity: STATEMENT_COST,
  visibility: 'public',
  description: 'The conversation as it is now, unchanged.',
  resolve: (
    query: object,
    { conversationId }: { conversationId: string },
    _args: object,
    { db, readScope }: Context,
  ) => db.conversation.findFirstOrThrow({ ...query, where: { id: conversationId, ...visibleTo(readScope) } }),
} as const;

builder.objectType(NotFoundError, {
  name: 'NotFoundError',
  description: 'An object does not exist, or the viewer may not see it; the two cases are indistinguishable.',
  interfaces: [UserError],
});

builder.objectType(InvalidInputError, {
  name: 'InvalidInputError',
  description: `The input is invalid; \`issues\` lists the first ${LIMITS.errors} problems that were found.`,
  interfaces: [UserError],
  fields: (t) => ({
    issues: t.field({
      type: [InputIssue],
      visibility: 'public',
      description: `Problems that were found, 1 to ${LIMITS.errors}. \`message\` says how many more there are.`,
      resolve: (error) => error.issues,
    }),
  }),
});

builder.objectType(VersionConflictError, {
  name: 'VersionConflictError',
  description:
    'Somebody else changed the conversation since the expectedVersion. The error has the current state for the client to show.',
  interfaces: [UserError],
  fields: (t) => ({
    conversation: t.prismaField({ type: Conversation, ...CURRENT_CONVERSATION }),
    changedBy: t.field({
      type: Actor,
      complexity: 2 * STATEMENT_COST,
      nullable: true,
      visibility: 'public',
      description: 'The team member, contact or bot that changed it last. Null if it changed automatically.',
      resolve: async ({ conversationId }, _args, context, info) => {
        const change = await findLastChange(context, conversationId);
        const actorId = change?.actorUserId ?? change?.actorContactId ?? change?.actorBotId;
        return actorId ? loadNode(actorId, context, info) : null;
      },
    }),
    changedAt: t.field({
      type: 'DateTime',
      complexity: STATEMENT_COST,
      nullable: true,
      visibility: 'public',
      description: 'Time of the last change that counts as a version; null if there is none.',
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
  description: 'The conversation has an owner already: `conversation.owner` is the present one.',
  interfaces: [UserError],
  fields: (t) => ({ conversation: t.prismaField({ type: Conversation, ...CURRENT_CONVERSATION }) }),
});

builder.objectType(IdempotencyKeyReusedError, {
  name: 'IdempotencyKeyReusedError',
  description: 'The viewer used the idempotencyKey within the last 24 hours with another input.',
  interfaces: [UserError],
});

builder.objectType(NotConfiguredError, {
  name: 'NotConfiguredError',
  description: 'The operator of the gateway has not configured this feature; `message` names the settings.',
  interfaces: [UserError],
});

builder.objectType(InvalidTransitionError, {
  name: 'InvalidTransitionError',
  description:
    'The conversation cannot change from its status to the requested one; see `conversation.allowedStatuses`.',
  interfaces: [UserError],
  fields: (t) => ({ conversation: t.prismaField({ type: Conversation, ...CURRENT_CONVERSATION }) }),
});

builder.objectType(ConversationClosedError, {
  name: 'ConversationClosedError',
  description:
    'The conversation is CLOSED or SPAM, and the team cannot reply in it. Set its status to OPEN first.',
  interfaces: [UserError],
  fields: (t) => ({ conversation: t.prismaField({ type: Conversation, ...CURRENT_CONVERSATION }) }),
});

builder.objectType(ContactBlockedError, {
  name: 'ContactBlockedError',
  description: 'The contact is blocked and cannot send messages or create conversations.',
  interfaces: [UserError],
});

builder.objectType(ContactConflictError, {
  name: 'ContactConflictError',
  description: 'Another contact already has the identifier, email or phone number.',
  interfaces: [UserError],
  fields: (t) => ({
    // Not named `contact`: in one selection with Conversation.contact, which is never null, the types would conflict.
    conflictingContact: t.prismaField({
      type: Contact,
      complexity: STATEMENT_COST,
      visibility: 'team',
      nullable: true,
      description: 'The contact that already has the value. Null for a contact.',
      resolve: (query, { contactId }, _args, { db, readScope }) =>
        db.contact.findFirst({ ...query, where: { AND: [{ id: contactId }, contactsVisibleTo(readScope)] } }),
    }),
  }),
});

builder.objectType(NewerMessagesError, {
  name: 'NewerMessagesError',
  description:
    'The conversation has messages after expectedLastSeq, which the sender has not seen. Nothing was sent.',
  interfaces: [UserError],
  fields: (t) => ({
    conversation: t.prismaField({ type: Conversation, ...CURRENT_CONVERSATION }),
    newer: t.prismaField({
      type: [Message],
      complexity: { field: STATEMENT_COST, multiplier: LIMITS.defaultPageSize },
      visibility: 'public',
      description: `Messages after expectedLastSeq, oldest first, at most ${LIMITS.pageSize}.`,
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
