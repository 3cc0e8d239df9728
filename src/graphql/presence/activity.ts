import type { ActivityState } from '../../presence/activity-store.ts';
import { builder } from '../core/builder.ts';
import { CHANGE_COST, STATEMENT_COST } from '../core/complexity.ts';
import { Activity } from '../core/enums.ts';
import { loadNode } from '../core/load-nodes.ts';
import { Actor } from '../core/node.ts';
import { orSkipEvent, planStateSubscription } from '../core/subscription-plan.ts';

const SetActivityInput = builder.inputType('SetActivityInput', {
  description: 'Activity of the viewer in a conversation.',
  fields: (t) => ({
    conversationId: t.id({ required: true, description: 'Id of the conversation, CVR-….' }),
    activity: t.field({
      type: Activity,
      required: true,
      description:
        'Present activity. Repeat it every few seconds: 10 seconds after the last request it becomes NONE. Contacts can not set WRITING_NOTE.',
    }),
  }),
});

const ActivityChanged = builder.objectRef<ActivityState>('ActivityChanged').implement({
  description:
    'An activity of somebody in a conversation began or ended. It is neither stored nor replayed, so there is no cursor.',
  fields: (t) => ({
    conversationId: t.exposeID('conversationId', {
      visibility: 'public',
      description: 'Id of the conversation, CVR-….',
    }),
    actor: t.field({
      type: Actor,
      complexity: STATEMENT_COST,
      visibility: 'public',
      description: 'User, contact or bot who is active.',
      resolve: async ({ actorId }, _args, context, info) =>
        orSkipEvent(await loadNode(actorId, context, info)),
    }),
    activity: t.expose('activity', {
      type: Activity,
      visibility: 'public',
      description: 'Present activity; NONE when it ended.',
    }),
  }),
});

builder.mutationField('setActivity', (t) =>
  t.boolean({
    complexity: CHANGE_COST,
    nullable: true,
    visibility: 'public',
    description:
      'Publishes the activity of the viewer to the subscribers of `activity`. Always true. Nothing is stored: there is no cursor and no idempotency key. Errors: NOT_FOUND for a conversation that does not exist or is deleted, FORBIDDEN for a blocked contact.',
    args: {
      input: t.arg({
        type: SetActivityInput,
        required: true,
        description: 'Conversation, and the activity of the viewer in it.',
      }),
    },
    resolve: (_root, { input }, { activity, viewer }) => activity.setActivity(viewer, input),
  }),
);

builder.subscriptionField('activity', (t) =>
  t.field({
    type: ActivityChanged,
    nullable: true,
    complexity: STATEMENT_COST,
    visibility: 'public',
    description:
      'Activities of others in a conversation: first one frame for each who is active, then one for each change. The activity of the viewer is left out. A contact receives TYPING only, of users and bots whom they can see. There is no cursor.',
    args: { conversationId: t.arg.id({ required: true, description: 'Id of the conversation, CVR-….' }) },
    subscribe: async (_root, { conversationId }, { activity, readScope }) =>
      planStateSubscription(await activity.createActivitySource(readScope, conversationId)),
    resolve: (state) => state as never,
  }),
);
