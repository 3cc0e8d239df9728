import { toVisibleChanges } from '../../domain/inbox/visible-change.ts';
import type { FieldChange as Change } from '../../feed/event.ts';
import { builder } from '../core/builder.ts';
import { defineConnection } from '../core/connection.ts';
import { EventType } from '../core/enums.ts';
import { Actor, Node } from '../core/node.ts';
import { actorIfVisible } from '../core/visible-actor.ts';
import { Message } from '../message/message.ts';

export const FieldChange = builder.objectRef<Change>('FieldChange').implement({
  description: 'One field of what changed.',
  fields: (t) => ({
    field: t.exposeString('field', { visibility: 'public', description: 'Its name, as in the type.' }),
    before: t.expose('before', {
      type: 'JSON',
      nullable: true,
      visibility: 'public',
      description: 'What it was: relations as ids, times as RFC 3339.',
    }),
    after: t.expose('after', {
      type: 'JSON',
      nullable: true,
      visibility: 'public',
      description: 'What it became.',
    }),
  }),
});

export const TimelineEvent = builder.prismaObject('Event', {
  name: 'TimelineEvent',
  description:
    'Something that happened: who did what, when, before and after. For a contact as far as they may learn of it.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    type: t.expose('type', { type: EventType, visibility: 'public', description: 'What happened.' }),
    actor: t.field({
      type: Actor,
      nullable: true,
      visibility: 'public',
      description:
        'Who did it; null when it happened by itself, and for a contact where they do not know who that is.',
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
      description: 'When.',
      select: { occurredAt: true },
      resolve: ({ occurredAt }) => {
        if (occurredAt === null) throw new Error('a committed event has no time');
        return occurredAt;
      },
    }),
    changes: t.field({
      type: [FieldChange],
      visibility: 'public',
      description: 'The fields that changed; for a contact those that they may see.',
      select: { type: true, changes: true },
      resolve: (event, _args, { readScope }) =>
        toVisibleChanges(readScope, { type: event.type, changes: event.changes as unknown as Change[] }),
    }),
    subject: t.field({
      type: Actor,
      nullable: true,
      visibility: 'public',
      description: 'The owner, member or bot that it is about.',
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
      description: 'The message that it is about.',
      select: (_args, _context, nested) => ({ message: nested({ select: { id: true, publicSeq: true } }) }),
      resolve: ({ message }, _args, { viewerSide }) =>
        viewerSide === 'team' || message?.publicSeq ? message : null,
    }),
  }),
});

export const TimelineConnection = defineConnection(TimelineEvent, { name: 'Timeline' });
