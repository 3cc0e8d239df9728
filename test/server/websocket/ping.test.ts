import { expect, test } from 'vitest';
import { startNodeOfTest } from '../../support/gateway.ts';
import { type LiveEvent, openSubscription } from '../../support/live.ts';
import { createOrganization } from '../../support/organization.ts';
import { connect } from '../../support/socket.ts';

const PRESENCE = 'subscription { live: presence { __typename availability actor { __typename id } } }';

test('a websocket that does not answer a ping by the next one is terminated, and its viewer is offline', async () => {
  const node = await startNodeOfTest({}, { pingIntervalMs: 1_000 });
  const { agent, admin } = await createOrganization(node);
  // Server-sent events have no heartbeat, so that this subscriber can't be terminated.
  const live = await openSubscription(node, admin, { query: PRESENCE, transport: 'SSE' });
  const isAgent = (availability: string) => (event: LiveEvent) =>
    event.actor?.id === agent.id &&
    (event as LiveEvent & { availability: string }).availability === availability;

  const socket = await connect(node, agent);
  socket.pause();
  await live.upTo(isAgent('ONLINE'));
  await live.upTo(isAgent('OFFLINE'));
  socket.resume();
  expect((await socket.closed).code).toBe(1006);
});
