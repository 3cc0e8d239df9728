import pLimit from 'p-limit';
import { expect, test } from 'vitest';
import { newId } from '../../src/ids.ts';
import { expectConsistent } from '../support/consistency.ts';
import { type Gateway, startGateways } from '../support/gateway.ts';
import { eventsOf } from '../support/log.ts';
import type { Person } from '../support/mutations.ts';
import { createOrganization, openConversation, type TestOrganization } from '../support/organization.ts';
import { times } from '../support/times.ts';

const AGENTS = 50;
// CLAIM_RACES=200 runs all 200 races.
const CONVERSATIONS = Number(process.env.CLAIM_RACES ?? 40);

const CLAIM = `mutation ($input: ConversationInput!) { claimed: claimConversation(input: $input) { __typename
  ... on Conversation { owner { id } } ... on UserError { message }
  ... on AlreadyAssignedError { conversation { id owner { id } } } } }`;

test(`${AGENTS} concurrent claims through two nodes: one succeeds, the others get AlreadyAssignedError with the owner`, async () => {
  const nodes = await startGateways(2);
  const [gateway] = nodes as [Gateway, Gateway];
  const organization = await createOrganization(gateway);
  const agents = await hire(gateway, organization);
  const open = pLimit(8);
  const conversationIds = await Promise.all(
    times(CONVERSATIONS, () => open(() => openConversation(gateway, organization))),
  );

  for (const conversationId of conversationIds) {
    const answers = await Promise.all(
      agents.map(async (agent, index) => {
        const node = nodes[index % nodes.length] ?? gateway;
        const { data, errors } = await node.ask(agent, CLAIM, { input: { conversationId } });
        expect(errors).toBeUndefined();
        return { agent: agent.id, claimed: data.claimed };
      }),
    );
    const winners = answers.filter(({ claimed }) => claimed.__typename === 'Conversation');
    expect(winners).toHaveLength(1);
    const owner = { id: winners[0]?.agent };
    expect(winners[0]?.claimed).toEqual({ __typename: 'Conversation', owner });
    for (const { claimed } of answers.filter((answer) => answer !== winners[0]))
      expect(claimed).toEqual({
        __typename: 'AlreadyAssignedError',
        message: expect.any(String),
        conversation: { id: conversationId, owner },
      });
  }

  const events = await eventsOf(gateway, { organizationId: organization.id });
  expect(events.filter(({ type }) => type === 'ASSIGNED')).toHaveLength(CONVERSATIONS);
  await expectConsistent(gateway, organization.id);
}, 300_000);

async function hire({ db }: Gateway, { id: organizationId }: TestOrganization): Promise<Person[]> {
  const agents = times(AGENTS, (index) => ({
    id: newId('User'),
    organizationId,
    name: `Agent ${index}`,
    displayName: `Agent ${index}`,
    email: `agent-${index}@example.com`,
  }));
  await db.writes.user.createMany({ data: agents });
  return agents;
}
