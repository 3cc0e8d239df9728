import type { PresenceState } from '../../domain/presence/presence.ts';
import { orSkipEvent } from '../conversation/stream-event.ts';
import { builder } from '../core/builder.ts';
import { Availability } from '../core/enums.ts';
import { loadNode } from '../core/load-nodes.ts';
import { Actor } from '../core/node.ts';
import { planStateSubscription } from '../core/subscription-plan.ts';

const PresenceChanged = builder.objectRef<PresenceState>('PresenceChanged').implement({
  description: 'Somebody is there, or is there in another way, or is there no more.',
  fields: (t) => ({
    actor: t.field({
      type: Actor,
      visibility: 'public',
      description: 'Who.',
      resolve: async ({ actorId }, _args, context, info) =>
        orSkipEvent(await loadNode(actorId, context, info)),
    }),
    availability: t.expose('availability', {
      type: Availability,
      visibility: 'public',
      description:
        'While a page of theirs is connected what a team member says of themselves, and ONLINE for a contact; else OFFLINE.',
    }),
  }),
});

builder.subscriptionField('presence', (t) =>
  t.field({
    type: PresenceChanged,
    nullable: true,
    visibility: 'public',
    description:
      'Who is there: first all who are now, then each who comes, goes, or sets their availability. Who is not named is OFFLINE. A lost connection is noticed within 15 seconds. The team is sent team members and contacts; a contact the team members that they know. There is no cursor.',
    subscribe: (_root, _args, { presenceSource }) => planStateSubscription(presenceSource),
    resolve: (state) => state as never,
  }),
);
