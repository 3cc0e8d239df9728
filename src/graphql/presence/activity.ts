import type { ActivityState } from '../../presence/activity-store.ts';
import { orSkipEvent } from '../conversation/stream-event.ts';
import { builder } from '../core/builder.ts';
import { Activity } from '../core/enums.ts';
import { loadNode } from '../core/load-nodes.ts';
import { Actor } from '../core/node.ts';
import { planStateSubscription } from '../core/subscription-plan.ts';

const SetActivityInput = builder.inputType('SetActivityInput', {
  description: 'What the viewer does in a conversation at this moment.',
  fields: (t) => ({
    conversationId: t.id({ required: true, description: 'In which conversation.' }),
    activity: t.field({
      type: Activity,
      required: true,
      description: 'What they do. Say it again every few seconds: after 10 seconds of silence it is NONE.',
    }),
  }),
});

const ActivityChanged = builder.objectRef<ActivityState>('ActivityChanged').implement({
  description:
    'What somebody does in a conversation, or does no more. There is no cursor: it is neither stored nor sent later.',
  fields: (t) => ({
    conversationId: t.exposeID('conversationId', {
      visibility: 'public',
      description: 'In which conversation.',
    }),
    actor: t.field({
      type: Actor,
      visibility: 'public',
      description: 'Who.',
      resolve: async ({ actorId }, _args, context, info) =>
        orSkipEvent(await loadNode(actorId, context, info)),
    }),
    activity: t.expose('activity', {
      type: Activity,
      visibility: 'public',
      description: 'What they do now.',
    }),
  }),
});

builder.mutationField('setActivity', (t) =>
  t.boolean({
    nullable: true,
    visibility: 'public',
    description:
      'Says what the viewer does, to whoever has the conversation open now. Nothing is stored, so there is no cursor, and nothing to send again. Refused with the error NOT_FOUND where there is no such conversation.',
    args: { input: t.arg({ type: SetActivityInput, required: true, description: 'What they do.' }) },
    resolve: (_root, { input }, { activity, viewer }) => activity.setActivity(viewer, input),
  }),
);

builder.subscriptionField('activity', (t) =>
  t.field({
    type: ActivityChanged,
    nullable: true,
    visibility: 'public',
    description:
      'Who looks, types or writes a note: first those who do something now, then each change, also when somebody falls silent. Nobody is sent their own. A contact is sent TYPING alone, of the team members that they know.',
    args: { conversationId: t.arg.id({ required: true, description: 'In which conversation.' }) },
    subscribe: async (_root, { conversationId }, { activity, readScope }) =>
      planStateSubscription(await activity.createActivitySource(readScope, conversationId)),
    resolve: (state) => state as never,
  }),
);
