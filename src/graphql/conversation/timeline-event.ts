import { toVisibleChanges } from '../../domain/inbox/visible-change.ts';
import type { FieldChange as Change } from '../../feed/event.ts';
import { builder } from '../core/builder.ts';
import { defineConnection } from '../core/connection.ts';
import { EventType } from '../core/enums.ts';
import { Actor, Node } from '../core/node.ts';
import { actorIfVisible } from '../core/visible-actor.ts';
import { Message } from '../message/message.ts';

export const FieldChange = builder.objectRef<Change>('FieldChange').implement({
  description: 'One field that changed, with its value before and after.',
  fields: (t) => ({
    field: t.exposeString('field', {
      visibility: 'public',
      description:
        'Name of the field as in the type of the changed object, such as status; `customAttributes.KEY` for one custom attribute.',
    }),
    before: t.expose('before', {
      type: 'JSON',
      nullable: true,
      visibility: 'public',
      description:
        'Value before the change: relations as ids, times as RFC 3339. Null if there was none, and for texts of messages.',
    }),
    after: t.expose('after', {
      type: 'JSON',
      nullable: true,
      visibility: 'public',
      description:
        'Value after the change, in the same format. Null if there is none, and for texts of messages.',
    }),
  }),
});

export const TimelineEvent = builder.prismaObject('Event', {
  name: 'TimelineEvent',
  description:
    'An event in the history of a conversation or contact. A contact sees only public events, and of those only public fields.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    type: t.expose('type', {
      type: EventType,
      visibility: 'public',
      description: 'The kind of event, such as STATUS_CHANGED.',
    }),
    actor: t.field({
      type: Actor,
      nullable: true,
      visibility: 'public',
      description:
        'The team member, contact or bot that caused the event. Null if it happened automatically, and for a contact who may not see the actor.',
      select: (_args, _context, nested) => ({
        actorUser: nested({}, [], 'User'),
        actorContact: nested({}, [], 'Contact'),
        actorBot: nested({}, [], 'Bot'),
      }),
      resolve: (event, _args, context) =>
        actorIfVisible(context, event.actorUser ?? event.actorContact ?? event.actorBot),
    }),
    occurredAt: t.field({
      type: 'DateTime',
      visibility: 'public',
      description: 'Time of the event; for imported events the time in the upstream system.',
      select: { occurredAt: true },
      resolve: ({ occurredAt }) => {
        if (occurredAt === null) throw new Error('a committed event has no time');
        return occurredAt;
      },
    }),
    changes: t.field({
      type: [FieldChange],
      visibility: 'public',
      description:
        'Fields that changed; for a contact only those that they can see. Empty for events without changed fields.',
      select: { type: true, changes: true },
      resolve: (event, _args, { readScope }) =>
        toVisibleChanges(readScope, { type: event.type, changes: event.changes as unknown as Change[] }),
    }),
    subject: t.field({
      type: Actor,
      nullable: true,
      visibility: 'public',
      description:
        'The team member or bot that the event is about, such as the new owner. Null if there is none, and for a contact who may not see them.',
      select: (_args, _context, nested) => ({
        subjectUser: nested({}, [], 'User'),
        subjectBot: nested({}, [], 'Bot'),
      }),
      resolve: (event, _args, context) => actorIfVisible(context, event.subjectUser ?? event.subjectBot),
    }),
    message: t.field({
      type: Message,
      nullable: true,
      visibility: 'public',
      description:
        'The message that the event is about. Null if there is none, and for a contact if it is a note.',
      select: (_args, _context, nested) => ({ message: nested({ select: { id: true, publicSeq: true } }) }),
      resolve: ({ message }, _args, { viewerSide }) =>
        viewerSide === 'team' || message?.publicSeq ? message : null,
    }),
  }),
});

export const TimelineConnection = defineConnection(TimelineEvent, { name: 'Timeline' });
