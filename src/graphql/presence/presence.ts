import type { PresenceState } from '../../domain/presence/presence.ts';
import { builder } from '../core/builder.ts';
import { STATEMENT_COST } from '../core/complexity.ts';
import { Availability } from '../core/enums.ts';
import { loadNode } from '../core/load-nodes.ts';
import { Actor } from '../core/node.ts';
import { orSkipEvent, planStateSubscription } from '../core/subscription-plan.ts';

const PresenceChanged = builder.objectRef<PresenceState>('PresenceChanged').implement({
  description:
    'A state of presence: the first frames of the subscription are the present states, each later one is a change.',
  fields: (t) => ({
    actor: t.field({
      type: Actor,
      complexity: STATEMENT_COST,
      visibility: 'public',
      description: 'User or contact whose presence this is.',
      resolve: async ({ actorId }, _args, context, info) =>
        orSkipEvent(await loadNode(actorId, context, info)),
    }),
    availability: t.expose('availability', {
      type: Availability,
      visibility: 'public',
      description:
        'OFFLINE while no page of theirs is connected. Otherwise the availability that a user has set, and ONLINE for a contact.',
    }),
  }),
});

builder.subscriptionField('presence', (t) =>
  t.field({
    type: PresenceChanged,
    nullable: true,
    complexity: STATEMENT_COST,
    visibility: 'public',
    description:
      'Presence of people: first one frame for each who is not OFFLINE, then one for each change. A lost WebSocket is noticed within 15 seconds. The team receives users and contacts; a contact receives the users whom they can see. Bots have no presence. There is no cursor: after a reconnect the present states come again.',
    subscribe: (_root, _args, { presenceSource }) => planStateSubscription(presenceSource),
    resolve: (state) => state as never,
  }),
);
