import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { expectConsistent } from '../support/consistency.ts';
import { type Gateway, startGateways } from '../support/gateway.ts';
import { openLiveSubscription, openSubscription, STATUSES, TRANSPORTS } from '../support/live.ts';
import { cursorAt, eventsOf, stateOf } from '../support/log.ts';
import { createMutations, type Mutations, requireResult } from '../support/mutations.ts';
import { createOrganization, openConversation, type TestOrganization } from '../support/organization.ts';

interface Node {
  name: string;
  gateway: Gateway;
  changes: Mutations;
}

let nodes: Node[];
let organization: TestOrganization;
let conversationId: string;

beforeAll(async () => {
  const gateways = await startGateways(2);
  nodes = gateways.map((gateway, index) => ({
    name: `node ${index + 1}`,
    gateway,
    changes: createMutations(gateway),
  }));
});

beforeEach(async () => {
  const [{ gateway }] = pair(0);
  organization = await createOrganization(gateway);
  conversationId = await openConversation(gateway, organization);
});

/** Both nodes, the given one first. */
function pair(first: number): [Node, Node] {
  const [one, other] = [nodes[first], nodes[1 - first]];
  if (!one || !other) throw new Error('there are no two nodes');
  return [one, other];
}

for (const [first, direction] of [
  'the first node arrive on the second',
  'the second node arrive on the first',
].entries()) {
  for (const transport of TRANSPORTS) {
    test(`over ${transport}, changes through ${direction}, in order`, async () => {
      const [one, other] = pair(first);
      const { agent, colleague } = organization;
      const messages = await openLiveSubscription(other.gateway, colleague, { transport });
      const statuses = await openLiveSubscription(other.gateway, colleague, {
        transport,
        query: STATUSES,
        conversationId,
      });
      for (const content of ['one', 'two', 'three'])
        requireResult(await one.changes.send(agent, { conversationId, content }));
      const { cursor } = await one.changes.setStatus(agent, { conversationId, status: 'RESOLVED' });
      for (const content of ['one', 'two', 'three'])
        expect(await messages.event()).toMatchObject({ message: { content } });
      expect(await statuses.event()).toMatchObject({ cursor, conversation: { status: 'RESOLVED' } });
    });
  }
}

describe('concurrent writers on both nodes', () => {
  test('leave no gap in the numbers, and subscribers of both nodes get the same events in the same order', async () => {
    const { agent, colleague, contact, channel } = organization;
    const streams = [];
    for (const { gateway } of nodes) streams.push(await openLiveSubscription(gateway, colleague));
    const answers = await Promise.all(
      Array.from({ length: 64 }, (_, index) => {
        const { changes } = pair(index % 2)[0];
        if (index % 8 === 5) return changes.create(agent, { channelId: channel.id, contactId: contact.id });
        if (index % 8 === 6)
          return changes.assign(agent, { conversationId, userId: (index % 3 ? agent : colleague).id });
        if (index % 8 === 7)
          return changes.setStatus(agent, { conversationId, status: index % 3 ? 'PENDING' : 'OPEN' });
        return changes.send(index % 3 ? agent : contact, { conversationId, content: `${index}` });
      }),
    );
    expect(answers.filter(({ refusal: refused, errors }) => refused || errors)).toEqual([]);
    const [{ gateway }] = pair(0);
    await expectConsistent(gateway, organization.id);

    const added = (await eventsOf(gateway, { organizationId: organization.id })).filter(
      ({ type }) => type === 'MESSAGE_ADDED',
    );
    expect(added).toHaveLength(40);
    for (const stream of streams) {
      const heard = [];
      while (heard.length < added.length) heard.push((await stream.event()).entry?.id);
      expect(heard).toEqual(added.map(({ id }) => id));
    }
  });
});

test('a cursor of one node resumes on the other, which may not have received the event yet', async () => {
  const [one, other] = pair(0);
  const { agent } = organization;
  await openLiveSubscription(other.gateway, agent);
  for (let round = 0; round < 10; round++) {
    const { cursor: after } = await one.changes.send(agent, { conversationId, content: `seen ${round}` });
    const stream = await openSubscription(other.gateway, agent, { after });
    expect(await stream.event()).toEqual({ __typename: 'CaughtUp', cursor: after });
    requireResult(await one.changes.send(agent, { conversationId, content: `new ${round}` }));
    expect(await stream.event()).toMatchObject({ message: { content: `new ${round}` } });
  }
});

test('a subscription on one node, after streamCursor of the other, misses nothing', async () => {
  const [one, other] = pair(1);
  const { agent } = organization;
  const { data } = await one.gateway.ask(agent, '{ streamCursor }');
  requireResult(await one.changes.send(agent, { conversationId, content: 'in between' }));
  const stream = await openSubscription(other.gateway, agent, { after: data.streamCursor });
  expect(await stream.event()).toMatchObject({ message: { content: 'in between' } });
});

test('a snoozed conversation is unsnoozed once, though both nodes run the job', async () => {
  const [{ gateway, changes }, other] = pair(0);
  const ids = [
    conversationId,
    ...(await Promise.all(Array.from({ length: 9 }, () => openConversation(gateway, organization)))),
  ];
  const streams = [];
  for (const node of nodes)
    streams.push(await openLiveSubscription(node.gateway, organization.agent, { query: STATUSES }));
  const snoozedUntil = new Date(Date.now() + 3_600_000).toISOString();
  for (const id of ids)
    requireResult(
      await changes.setStatus(organization.agent, { conversationId: id, status: 'SNOOZED', snoozedUntil }),
    );
  await gateway.db.writes.conversation.updateMany({
    where: { id: { in: ids } },
    data: { snoozedUntil: new Date(Date.now() - 60_000) },
  });

  for (const stream of streams) {
    const heard = [];
    while (heard.length < ids.length * 2) heard.push(await stream.event());
    const unsnoozed = heard.filter(({ changes: fields }) => fields?.[0]?.after === 'OPEN');
    expect(unsnoozed.map(({ conversation }) => conversation?.id).sort()).toEqual([...ids].sort());
  }
  requireResult(await other.changes.setStatus(organization.agent, { conversationId, status: 'CLOSED' }));
  for (const stream of streams)
    expect(await stream.event()).toMatchObject({ conversation: { status: 'CLOSED' } });
  const { head } = await stateOf(gateway, organization.id);
  expect(await cursorAt(gateway, organization.id, head)).toBe(
    (await gateway.ask(organization.agent, '{ streamCursor }')).data.streamCursor,
  );
  await expectConsistent(gateway, organization.id);
});

test('concurrent requests to both nodes for a contact with the same email create one contact', async () => {
  const { agent, channel, id: organizationId } = organization;
  const answers = await Promise.all(
    Array.from({ length: 16 }, (_, index) =>
      pair(index % 2)[0].changes.create(agent, {
        channelId: channel.id,
        contact: { email: 'fay@example.org' },
      }),
    ),
  );
  expect(new Set(answers.map((answer) => requireResult(answer).contact.id)).size).toBe(1);
  const [{ gateway }] = pair(0);
  expect(await gateway.db.reads.contact.count({ where: { organizationId, email: 'fay@example.org' } })).toBe(
    1,
  );
});
