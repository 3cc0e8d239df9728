import { beforeAll, expect, test } from 'vitest';
import { type Gateway, startGateway } from './support/gateway.ts';
import { createOrganization, openConversation, type TestOrganization } from './support/organization.ts';

let gateway: Gateway;
let organization: TestOrganization;

beforeAll(async () => {
  gateway = await startGateway();
  organization = await createOrganization(gateway);
});

test('the inbox page with all its relations is one statement', async () => {
  const id = await openConversation(gateway, organization, { firstMessage: { content: 'Hello' } });
  await gateway.ask(organization.agent, '{ viewer { identity { id name ... on User { email } } } }');
  gateway.statements();
  const answer = await gateway.ask(
    organization.agent,
    `{ conversations(first: 20) { nodes { id number name status contact { id name email } owner { displayName } bot { name } website { url } audience { name }
      lastMessage { id content seq sender { __typename id name ... on User { email } ... on Contact { phoneNumber } } } } pageInfo { hasNextPage endCursor } } }`,
  );
  expect(answer.errors).toBeUndefined();
  expect(answer.data.conversations.nodes[0]).toMatchObject({ id, number: 1, lastMessage: { content: 'Hello', sender: { name: 'Ana' } } });
  expect(gateway.statements()).toHaveLength(1);
});
