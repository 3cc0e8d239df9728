import { expect, test } from 'vitest';
import { startGateway } from '../support/gateway.ts';
import { openSubscription } from '../support/live.ts';
import { cursorAt, stateOf } from '../support/log.ts';
import { createMutations, requireResult } from '../support/mutations.ts';
import { createOrganization, openConversation } from '../support/organization.ts';
import { times } from '../support/times.ts';

const INBOX = `subscription ($after: String) { live: inbox(after: $after, filter: { status: [OPEN] }) { __typename
  ... on CaughtUp { cursor }
  ... on ConversationEntered { conversation { id name } } ... on ConversationChanged { conversation { id name } }
  ... on MessageAdded { message { id content conversation { id name } } } } }`;
const MISSED = 30;

test('missed events of many conversations are read together', async () => {
  const gateway = await startGateway();
  const changes = createMutations(gateway);
  const organization = await createOrganization(gateway);
  const ids: string[] = [];
  for (const _ of times(MISSED, String)) ids.push(await openConversation(gateway, organization));
  const after = await cursorAt(gateway, organization.id, (await stateOf(gateway, organization.id)).head);
  for (const conversationId of ids)
    requireResult(
      await changes.send(organization.agent, { conversationId, content: `to ${conversationId}` }),
    );
  gateway.statements();
  const stream = await openSubscription(gateway, organization.colleague, { query: INBOX, after });
  const frames = await stream.upTo(({ __typename }) => __typename === 'CaughtUp');
  const contents = frames.slice(0, -1).map(({ event }) => event?.message?.content);
  expect(contents).toEqual(ids.map((id) => `to ${id}`));
  // Each event by itself would take two: the transition, and the message with its conversation.
  expect(gateway.statements().length).toBeLessThan(MISSED / 2);
});
