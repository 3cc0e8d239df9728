import { beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { type Gateway, startGateways } from '../support/gateway.ts';
import { type LiveEvent, openSubscription, type TestSubscription, TRANSPORTS } from '../support/live.ts';
import { mutate } from '../support/mutate.ts';
import { createMutations, type Person, requireResult } from '../support/mutations.ts';
import { createOrganization, openConversation, type TestOrganization } from '../support/organization.ts';
import { connect } from '../support/socket.ts';

const PRESENCE = 'subscription { live: presence { __typename availability actor { __typename id name } } }';

let gateway: Gateway;
let other: Gateway;
let organization: TestOrganization;

beforeAll(async () => {
  const isSeveral = process.env.TEST_DATABASE_URL && process.env.TEST_REDIS_URL;
  const nodes = await startGateways(isSeveral ? 2 : 1);
  [gateway, other] = [nodes[0], nodes.at(-1)] as [Gateway, Gateway];
});

beforeEach(async () => {
  organization = await createOrganization(gateway);
});

type Presence = LiveEvent & { availability: string; actor: { id: string; name: string } };

const nextOf = async (live: TestSubscription) => {
  const { actor, availability } = (await live.event()) as Presence;
  return [actor.name, availability];
};
const online = async (person: Person) => {
  const socket = await connect(gateway, person);
  onTestFinished(() => socket.cut());
  return socket;
};
const isOnline = async (person: Person) => {
  const query = 'query ($id: ID!) { node(id: $id) { ... on User { isOnline } ... on Contact { isOnline } } }';
  return (await other.ask(organization.admin, query, { id: person.id })).data.node.isOnline;
};
const setAvailability = async (person: Person, availability: string) => {
  const input = { availability };
  const { result } = await mutate(gateway, person, { mutation: 'setAvailability', input, selected: '' });
  expect(result.__typename).toBe('User');
};

for (const transport of TRANSPORTS) {
  test(`over ${transport}, presence begins with everybody online, and then sends each change`, async () => {
    const { admin, agent, colleague, contact } = organization;
    await setAvailability(agent, 'BUSY');
    const socket = await online(agent);
    await expect.poll(() => isOnline(agent)).toBe(true);
    // The subscriber is online, too.
    const live = await openSubscription(other, admin, { query: PRESENCE, transport });
    const seen = [await nextOf(live), await nextOf(live)];
    expect(seen).toContainEqual(['Ana', 'BUSY']);
    expect(seen).toContainEqual(['Cleo', 'ONLINE']);

    const theirs = await online(contact);
    expect(await nextOf(live)).toEqual(['Dora', 'ONLINE']);
    await setAvailability(colleague, 'BUSY');
    await setAvailability(agent, 'ONLINE');
    expect(await nextOf(live)).toEqual(['Ana', 'ONLINE']);
    await setAvailability(agent, 'OFFLINE');
    expect(await nextOf(live)).toEqual(['Ana', 'OFFLINE']);
    await setAvailability(agent, 'BUSY');
    expect(await nextOf(live)).toEqual(['Ana', 'BUSY']);
    const again = await online(agent);
    socket.close();
    theirs.cut();
    expect(await nextOf(live)).toEqual(['Dora', 'OFFLINE']);
    again.cut();
    expect(await nextOf(live)).toEqual(['Ana', 'OFFLINE']);
  });
}

test('a contact gets the presence of users that they know or come to know, and of no contact', async () => {
  const { agent, colleague, contact, otherContact } = organization;
  const changes = createMutations(gateway);
  const conversationId = await openConversation(gateway, organization);
  requireResult(await changes.send(agent, { conversationId, content: 'Hello' }));
  for (const person of [otherContact, colleague, agent]) {
    await online(person);
    await expect.poll(() => isOnline(person)).toBe(true);
  }
  const live = await openSubscription(other, contact, { query: PRESENCE });
  expect(await nextOf(live)).toEqual(['Ana', 'ONLINE']);
  await setAvailability(colleague, 'BUSY');
  await setAvailability(agent, 'BUSY');
  expect(await nextOf(live)).toEqual(['Ana', 'BUSY']);
  requireResult(await changes.assign(agent, { conversationId, userId: colleague.id }));
  expect(await nextOf(live)).toEqual(['Ben', 'BUSY']);
  await setAvailability(colleague, 'ONLINE');
  expect(await nextOf(live)).toEqual(['Ben', 'ONLINE']);
});

test('presence stays inside the organization, and ends for a blocked contact', async () => {
  const stranger = await createOrganization(gateway);
  await online(stranger.agent);
  const live = await openSubscription(other, organization.admin, { query: PRESENCE });
  expect(await nextOf(live)).toEqual(['Cleo', 'ONLINE']);
  const { contact, admin } = organization;
  const theirs = await openSubscription(other, contact, { query: PRESENCE });
  expect(await nextOf(live)).toEqual(['Dora', 'ONLINE']);
  await expect.poll(() => other.feed.count().streams).toBe(2);
  const input = { contactId: contact.id, blocked: true };
  await mutate(gateway, admin, { mutation: 'setContactBlocked', input, selected: '' });
  expect((await theirs.next()).errors.map(({ extensions }) => extensions?.code)).toEqual(['FORBIDDEN']);
  expect(await nextOf(live)).toEqual(['Dora', 'OFFLINE']);
});
