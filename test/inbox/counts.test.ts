import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { compactCounts } from '../../src/domain/inbox/counts.ts';
import { newId } from '../../src/ids.ts';
import { expectCountsKept } from '../support/consistency.ts';
import { createMutate, expectChanged, type Mutate } from '../support/conversation-mutations.ts';
import { type Gateway, startGateways } from '../support/gateway.ts';
import { openSubscription, type TestSubscription, TRANSPORTS } from '../support/live.ts';
import { createMutations, type Mutations, type Person, requireResult } from '../support/mutations.ts';
import { createOrganization, openConversation, type TestOrganization } from '../support/organization.ts';

const COUNTS = `__typename key all mine unassigned unread byStatus { status count } byOwner { owner { id name } count }`;
const QUERY = `query ($filter: ConversationCountsFilter) { conversationCounts(filter: $filter) { ${COUNTS} } }`;
const LIVE = `subscription ($filter: ConversationCountsFilter) { live: conversationCounts(filter: $filter) { ${COUNTS} } }`;

interface Counts {
  key: string;
  all: number;
  mine: number;
  unassigned: number;
  unread: number;
  byStatus: { status: string; count: number }[];
  byOwner: { owner: { id: string; name: string } | null; count: number }[];
}

let gateway: Gateway;
let other: Gateway;
let changes: Mutations;
let mutate: Mutate;
let organization: TestOrganization;

beforeAll(async () => {
  const isSeveral = process.env.TEST_DATABASE_URL && process.env.TEST_REDIS_URL;
  const nodes = await startGateways(isSeveral ? 2 : 1);
  [gateway, other] = [nodes[0], nodes.at(-1)] as [Gateway, Gateway];
  changes = createMutations(gateway);
  mutate = createMutate(gateway);
});

beforeEach(async () => {
  organization = await createOrganization(gateway);
});

async function count(person: Person, filter?: object): Promise<Counts> {
  const { data, errors } = await gateway.ask(person, QUERY, { filter });
  expect(errors).toBeUndefined();
  return data.conversationCounts;
}

const statusesOf = ({ byStatus }: Counts) =>
  Object.fromEntries(byStatus.filter((one) => one.count > 0).map((one) => [one.status, one.count]));
const ownersOf = ({ byOwner }: Counts) => byOwner.map(({ owner, count }) => [owner?.name ?? null, count]);

/** Frames up to the first that has the expected counts. */
async function until(live: TestSubscription, expected: Partial<Counts>): Promise<Counts[]> {
  const frames = await live.upTo((event) => {
    const counts = event as unknown as Counts;
    return Object.entries(expected).every(([name, value]) => counts[name as keyof Counts] === value);
  });
  return frames.map(({ event }) => event as unknown as Counts);
}

describe('conversation counts', () => {
  test('cover all conversations of the organization, without deleted ones', async () => {
    const { agent, colleague, contact, bot } = organization;
    const [own, theirs, resolved, deleted] = await Promise.all(
      [0, 1, 2, 3, 4].map(() => openConversation(gateway, organization)),
    );
    await openConversation(gateway, organization, { botId: bot.id });
    requireResult(await changes.assign(agent, { conversationId: own, userId: agent.id }));
    requireResult(await changes.assign(agent, { conversationId: theirs, userId: colleague.id }));
    requireResult(await changes.setStatus(agent, { conversationId: resolved, status: 'RESOLVED' }));
    requireResult(await changes.assign(agent, { conversationId: deleted, userId: agent.id }));
    for (const conversationId of [own, deleted]) {
      requireResult(await changes.send(contact, { conversationId, content: 'Hello?' }));
    }
    await expectChanged(mutate('deleteConversation', agent, { conversationId: deleted }));

    const counts = await count(agent);
    expect(counts).toMatchObject({ key: 'all', all: 5, mine: 1, unassigned: 3, unread: 1 });
    expect(counts.byStatus).toHaveLength(7);
    expect(statusesOf(counts)).toEqual({ OPEN: 4, RESOLVED: 1 });
    expect(ownersOf(counts).slice(1).sort()).toEqual([
      ['Ana', 1],
      ['Ben', 1],
    ]);
    expect(ownersOf(counts)[0]).toEqual([null, 3]);
    expect(await count(colleague)).toMatchObject({ all: 5, mine: 1, unread: 0 });
    expect(await count(bot)).toMatchObject({ all: 5, mine: 1, unread: 0 });

    await expectChanged(mutate('restoreConversation', agent, { conversationId: deleted }));
    expect(await count(agent)).toMatchObject({ all: 6, mine: 2, unread: 2 });
    await expectCountsKept(gateway, organization.id);
  });

  test('follow the filter, which the key identifies', async () => {
    const { agent, id: organizationId } = organization;
    const channel = await gateway.db.writes.channel.create({
      data: { id: newId('Channel'), organizationId, name: 'Mail', channelType: 'EMAIL' },
    });
    const [one] = await Promise.all([0, 1].map(() => openConversation(gateway, organization)));
    await openConversation(gateway, organization, { channelId: channel.id });
    requireResult(await changes.setStatus(agent, { conversationId: one, status: 'PENDING' }));
    requireResult(await changes.assign(agent, { conversationId: one, userId: agent.id }));

    expect(await count(agent, { channelId: [channel.id] })).toMatchObject({ all: 1, unassigned: 1, mine: 0 });
    const both = await count(agent, { status: ['PENDING', 'SPAM'], channelId: [organization.channel.id] });
    expect(both).toMatchObject({ all: 1, mine: 1, unassigned: 0 });
    expect(both.byStatus).toEqual([
      { status: 'PENDING', count: 1 },
      { status: 'SPAM', count: 0 },
    ]);
    const { key } = await count(agent, { channelId: [organization.channel.id], status: ['SPAM', 'PENDING'] });
    expect(key).toBe(both.key);
    expect(await count(agent, { businessUnitId: [] })).toMatchObject({ all: 0, unassigned: 0, unread: 0 });
  });

  test('of a contact cover their own conversations', async () => {
    const { agent, contact, otherContact } = organization;
    const [one] = await Promise.all([0, 1].map(() => openConversation(gateway, organization)));
    await openConversation(gateway, organization, { contactId: otherContact.id });
    requireResult(await changes.assign(agent, { conversationId: one, userId: agent.id }));
    requireResult(await changes.send(agent, { conversationId: one, content: 'Hello' }));
    const counts = await count(contact);
    expect(counts).toMatchObject({ all: 2, mine: 2, unassigned: 1, unread: 1 });
    expect(ownersOf(counts)).toEqual([
      [null, 1],
      ['Ana', 1],
    ]);
  });

  test('reject an invalid filter, in the query and in the subscription', async () => {
    const filter = { channelId: [organization.agent.id] };
    const { errors } = await gateway.ask(organization.agent, QUERY, { filter });
    expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(['BAD_USER_INPUT']);
    const live = await openSubscription(gateway, organization.agent, { query: LIVE, ...{ filter } });
    expect((await live.next()).errors.map(({ extensions }) => extensions?.code)).toEqual(['BAD_USER_INPUT']);
  });

  test('stay exact during concurrent writes and compactions', async () => {
    const { agent, colleague } = organization;
    const ids = await Promise.all(Array.from({ length: 8 }, () => openConversation(gateway, organization)));
    let isWriting = true;
    const totals = new Set<number>();
    const compacting = [gateway, other].map(async (node) => {
      while (isWriting) {
        await compactCounts(node.db);
        totals.add((await count(agent)).all);
      }
    });
    const writing = ids.map(async (conversationId, index) => {
      for (const status of ['PENDING', 'RESOLVED', 'OPEN']) {
        requireResult(await changes.setStatus(agent, { conversationId, status }));
        const userId = (index % 2 ? agent : colleague).id;
        requireResult(await changes.assign(agent, { conversationId, userId }));
        requireResult(await changes.assign(agent, { conversationId, userId: null }));
      }
    });
    await Promise.all(writing);
    isWriting = false;
    await Promise.all(compacting);
    // No conversation was ever counted twice or missed.
    expect([...totals]).toEqual([8]);
    await expectCountsKept(gateway, organization.id);
    await compactCounts(gateway.db);
    await expectCountsKept(gateway, organization.id);
    const { id: organizationId } = organization;
    expect(await gateway.db.reads.conversationCountChange.count({ where: { organizationId } })).toBe(0);
  });

  test('take the same number of statements for any number of conversations', async () => {
    const statements = async () => {
      await count(organization.agent);
      gateway.statements();
      await count(organization.agent);
      return gateway.statements().length;
    };
    await openConversation(gateway, organization);
    const few = await statements();
    await Promise.all(Array.from({ length: 10 }, () => openConversation(gateway, organization)));
    expect(await statements()).toBe(few);
    expect(few).toBeLessThanOrEqual(4);
  });
});

for (const transport of TRANSPORTS) {
  test(`over ${transport}, the current counts are sent first, and then each change of them`, async () => {
    const { agent, colleague, contact } = organization;
    const conversationId = await openConversation(gateway, organization);
    const live = await openSubscription(other, agent, { query: LIVE, transport });
    const theirs = await openSubscription(other, colleague, { query: LIVE, transport });
    expect(await live.event()).toMatchObject({ all: 1, mine: 0, unassigned: 1, unread: 0 });
    expect(await theirs.event()).toMatchObject({ all: 1, mine: 0 });
    requireResult(await changes.rename(agent, { conversationId, name: 'Another name' }));
    requireResult(await changes.assign(agent, { conversationId, userId: agent.id }));
    expect((await until(live, { mine: 1 })).length).toBe(1);
    expect((await until(theirs, { unassigned: 0 })).map(({ mine }) => mine)).toEqual([0]);
    requireResult(await changes.send(contact, { conversationId, content: 'Hello?' }));
    await until(live, { unread: 1 });
    await openConversation(gateway, organization);
    await until(live, { all: 2 });
    await expectChanged(mutate('deleteConversation', agent, { conversationId }));
    expect((await until(live, { all: 1 })).at(-1)).toMatchObject({ unread: 0, mine: 0 });
  });
}

test('a burst of changes ends with the current counts', async () => {
  const live = await openSubscription(other, organization.agent, { query: LIVE });
  await live.event();
  await Promise.all(Array.from({ length: 40 }, () => openConversation(gateway, organization)));
  expect((await until(live, { all: 40 })).at(-1)).toMatchObject({ all: 40, unassigned: 40 });
});

test('a contact receives their own counts', async () => {
  const { agent, contact, otherContact } = organization;
  const conversationId = await openConversation(gateway, organization);
  const live = await openSubscription(other, contact, { query: LIVE });
  expect(await live.event()).toMatchObject({ all: 1, unread: 0 });
  await openConversation(gateway, organization, { contactId: otherContact.id });
  requireResult(await changes.send(agent, { conversationId, content: 'Hello' }));
  expect((await until(live, { unread: 1 })).map(({ all }) => all)).toEqual([1]);
});
