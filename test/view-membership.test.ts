import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { applyTo, keepLive } from '../examples/live-list.ts';
import { newId } from '../src/ids.ts';
import type { Person } from './support/change.ts';
import { mutationsOf } from './support/conversation-change.ts';
import { type Gateway, startGateway } from './support/gateway.ts';
import { socketClient } from './support/live.ts';
import { createOrganization, openConversation } from './support/organization.ts';
import { createChance } from './support/random.ts';

const SEED = Number(process.env.TEST_SEED ?? 20_261_121);
const ROUNDS = Number(process.env.TEST_ROUNDS ?? 5);
const CHANGES_A_ROUND = 12;

const LIST =
  'query ($filter: ConversationFilter) { conversations(first: 100, filter: $filter) { nodes { id } } streamCursor }';
const INBOX = `subscription ($filter: ConversationFilter, $after: String) { inbox(filter: $filter, after: $after) { __typename
  ... on ConversationCreated { conversation { id } } ... on ConversationEntered { conversation { id } } ... on ConversationLeft { conversationId }
  ... on ConversationDeleted { conversationId } ... on ConversationChanged { conversation { id } } ... on ConversationRead { conversation { id } }
  ... on MessageAdded { message { conversation { id } } } ... on MessageChanged { message { id } } ... on ContactChanged { contact { id } }
  ... on ResetRequired { reason } } }`;

type Row = { id: string };
type Event = Parameters<typeof applyTo<Row>>[1];

let gateway: Gateway;

beforeAll(async () => {
  gateway = await startGateway();
});

/** A list that somebody watches; its rows as they are by what has come. */
interface View {
  viewer: Person;
  filter: Record<string, unknown>;
  rows: Map<string, Row>;
  /** What a query answers now, and where in the stream. */
  load(): Promise<{ ids: string[]; cursor: string }>;
}

async function createWorld() {
  const organization = await createOrganization(gateway);
  const { id: organizationId, channel, contact, otherContact } = organization;
  const { writes } = gateway.db;
  const named = { organizationId, name: 'Other' };
  const email = await writes.channel.create({
    data: { id: newId('Channel'), channelType: 'EMAIL', ...named },
  });
  const unit = await writes.businessUnit.create({ data: { id: newId('BusinessUnit'), ...named } });
  const audience = await writes.audience.create({ data: { id: newId('Audience'), ...named } });
  const website = await writes.website.create({
    data: { id: newId('Website'), url: 'https://other.example', ...named },
  });
  const ids: string[] = [];
  for (const contactId of [contact.id, otherContact.id, contact.id])
    ids.push(await openConversation(gateway, organization, { contactId }));
  return { ...organization, channels: [channel, email], unit, audience, website, ids };
}

type World = Awaited<ReturnType<typeof createWorld>>;

function filtersOf({
  agent,
  colleague,
  bot,
  channels: [web, email],
  unit,
  audience,
  website,
  contact,
}: World) {
  const open = { status: ['OPEN', 'PENDING'] };
  const forAll = [
    {},
    open,
    { status: ['RESOLVED', 'CLOSED', 'SNOOZED'] },
    { assignment: 'MINE' },
    { assignment: 'UNASSIGNED', ...open },
    { assignment: 'ASSIGNED' },
    { ownerId: [agent.id] },
    { botId: [bot.id] },
    { channelId: [web?.id] },
    { channelType: ['EMAIL'] },
    { channelType: ['WEB'], ...open },
    { channelId: [email?.id], assignment: 'UNASSIGNED' },
    { businessUnitId: [unit.id] },
    { audienceId: [audience.id] },
    { websiteId: [website.id] },
    { initiatedBy: ['CONTACT'] },
    { contactId: [contact.id] },
    { isUnread: true },
    { isUnread: false, ...open },
    { isWaiting: true },
    { isWaiting: false },
    { text: 'invoice' },
    { text: 'invoice', ...open },
  ];
  const forTeam = [
    { memberId: [colleague.id] },
    { memberId: [agent.id], isUnread: true },
    { labels: ['vip', 'late'] },
    { labels: ['late'], isWaiting: true },
    { priority: ['URGENT', 'HIGH'] },
    { isDeleted: true },
    { mentions: [colleague.id] },
    { mentions: [agent.id], ...open },
    { updatedAfter: new Date(Date.now() + 5_000).toISOString() },
  ];
  return { forAll, forTeam };
}

/** Something that somebody does to a conversation, by chance. Much of it is refused, and then changes nothing. */
function createChanger(world: World, { dice, pick }: ReturnType<typeof createChance>) {
  const mutate = mutationsOf(gateway);
  const { agent, colleague, bot, contact, otherContact, channels, unit, audience, website, ids } = world;
  const users = [agent, colleague];
  const text = () => pick(['hello', 'the invoice', 'thanks']);
  const maybe = <T>(value: T) => pick([value, null]);

  async function messageOf(conversationId: string) {
    const messages = await gateway.db.reads.message.findMany({ where: { conversationId } });
    return messages.length > 0 ? pick(messages) : null;
  }
  const onMessage = (mutation: string, input: () => object) => async (conversationId: string) => {
    const message = await messageOf(conversationId);
    const sender = users.find(({ id }) => id === message?.senderUserId) ?? agent;
    return message && mutate(mutation, sender, { messageId: message.id, ...input() });
  };
  const by =
    (mutation: string, person: () => Person, input: () => object = () => ({})) =>
    (conversationId: string) =>
      mutate(mutation, person(), { conversationId, ...input() });
  const user = () => pick(users);
  const theirs = () => pick([contact, otherContact]);
  const soon = () => new Date(Date.now() + 1_500).toISOString();

  const kinds = [
    by('sendMessage', theirs, () => ({ content: text() })),
    by('sendMessage', theirs, () => ({ content: text() })),
    by('sendMessage', user, () => ({ content: text() })),
    by('sendMessage', user, () => ({ content: text(), isPrivate: true, mentionedUserIds: [user().id] })),
    by(
      'sendMessage',
      () => bot,
      () => ({ content: text() }),
    ),
    onMessage('updateMessage', () => ({ content: text() })),
    onMessage('deleteMessage', () => ({})),
    by(
      'setConversationStatus',
      () => pick([agent, contact]),
      () => ({ status: pick(['OPEN', 'PENDING', 'RESOLVED', 'RESOLVED', 'CLOSED']) }),
    ),
    by('setConversationStatus', user, () => ({ status: 'SNOOZED', snoozedUntil: soon() })),
    by('assignConversation', user, () => ({ userId: maybe(user().id) })),
    by('claimConversation', user),
    by('handOverConversation', user, () => ({
      to: pick([agent.id, colleague.id, bot.id, null]),
      note: pick(['for you', undefined]),
    })),
    by('joinConversation', user),
    by('leaveConversation', user),
    by('addConversationMember', user, () => ({ userId: user().id })),
    by('removeConversationMember', user, () => ({ userId: user().id })),
    by('setConversationLabels', user, () => ({ add: [pick(['vip', 'late'])] })),
    by('setConversationLabels', user, () => ({ remove: [pick(['vip', 'late'])] })),
    by('setConversationPriority', user, () => ({ priority: pick(['URGENT', 'LOW', null]) })),
    by('updateConversation', user, () => ({ channelId: pick(channels).id })),
    by('updateConversation', user, () => ({
      channelId: pick(channels).id,
      botId: maybe(bot.id),
      businessUnitId: maybe(unit.id),
    })),
    by('updateConversation', user, () => ({
      websiteId: maybe(website.id),
      audienceId: maybe(audience.id),
      name: text(),
    })),
    by('renameConversation', user, () => ({ name: text() })),
    by('markConversationRead', () => pick([agent, colleague, contact])),
    by(
      'markConversationRead',
      () => pick([agent, colleague, contact]),
      () => ({ upToSeq: dice(3) }),
    ),
    by('deleteConversation', () => agent),
    by('restoreConversation', () => agent),
    (one: string) =>
      mutate('updateConversations', agent, {
        conversationIds: [...new Set([one, pick(ids)])],
        ...pick([
          { status: 'OPEN' },
          { status: 'RESOLVED', ownerId: null },
          { ownerId: colleague.id, priority: 'HIGH' },
          { addLabels: ['late'], ownerId: agent.id },
        ]),
      }),
    async () => {
      ids.push(
        await openConversation(gateway, world, {
          contactId: theirs().id,
          ...pick([{}, { labels: ['vip'] }, { firstMessage: { content: text() } }]),
        }),
      );
      return null;
    },
  ];
  return async () => {
    const asked = await pick(kinds)(pick(ids));
    const codes = (asked?.errors ?? []).map(({ extensions }) => extensions?.code);
    expect(
      codes.filter((code) => !['FORBIDDEN', 'NOT_FOUND', 'BAD_USER_INPUT'].includes(String(code))),
    ).toEqual([]);
  };
}

async function openView(
  viewer: Person,
  filter: View['filter'],
): Promise<View & { client: ReturnType<typeof socketClient> }> {
  const client =
    clients.get(viewer.id) ?? socketClient(gateway.url, `Bearer ${await gateway.tokenFor(viewer)}`);
  clients.set(viewer.id, client);
  const rows = new Map<string, Row>();
  async function load() {
    const { data, errors } = await gateway.ask(viewer, LIST, { filter });
    if (!data) throw new Error(JSON.stringify(errors));
    const ids: string[] = data.conversations.nodes.map(({ id }: Row) => id);
    return { ids: ids.sort(), cursor: data.streamCursor as string };
  }
  return { viewer, filter, rows, load, client };
}

const clients = new Map<string, ReturnType<typeof socketClient>>();

function fill(rows: Map<string, Row>, ids: string[]) {
  rows.clear();
  for (const id of ids) rows.set(id, { id });
}

function difference(is: string[], shouldBe: string[]) {
  return {
    tooMuch: is.filter((id) => !shouldBe.includes(id)),
    missing: shouldBe.filter((id) => !is.includes(id)),
  };
}

/** The list from these ids on, by what was missed since the cursor. */
async function catchUp(
  { client, filter }: Awaited<ReturnType<typeof openView>>,
  from: { ids: string[]; cursor: string },
) {
  const rows = new Map<string, Row>();
  fill(rows, from.ids);
  for await (const { data } of client.iterate<{ inbox: Event }>({
    query: INBOX,
    variables: { filter, after: from.cursor },
  })) {
    if (data?.inbox.__typename === 'CaughtUp') break;
    if (data) applyTo(rows, data.inbox);
  }
  return [...rows.keys()].sort();
}

test('whatever happens to conversations, a list kept by its events is what a query answers: live, and after catching up', async () => {
  const world = await createWorld();
  const chance = createChance(SEED);
  const change = createChanger(world, chance);
  const { forAll, forTeam } = filtersOf(world);
  const views: Awaited<ReturnType<typeof openView>>[] = [];
  for (const viewer of [world.agent, world.colleague, world.bot, world.contact]) {
    const filters = viewer === world.contact ? forAll : [...forAll, ...forTeam];
    for (const filter of filters) views.push(await openView(viewer, filter));
  }
  onTestFinished(async () => {
    for (const client of clients.values()) await client.dispose();
  });
  for (const view of views) {
    const options = {
      ...{ query: INBOX, variables: { filter: view.filter } },
      async load() {
        const { ids, cursor } = await view.load();
        fill(view.rows, ids);
        return cursor;
      },
    };
    onTestFinished(
      keepLive<Event>(view.client, {
        ...options,
        onEvent: (event) => applyTo(view.rows, event),
        onEnd: (reason) => expect(reason).toBeUndefined(),
      }),
    );
  }

  let earlier = await Promise.all(views.map(({ load }) => load()));
  for (let round = 0; round < ROUNDS; round++) {
    for (let done = 0; done < CHANGES_A_ROUND; done += 3) await Promise.all([change(), change(), change()]);
    const now = await Promise.all(views.map(({ load }) => load()));
    for (const [index, view] of views.entries()) {
      const from = earlier[index];
      if (!from) throw new Error('no such view');
      const message = `round ${round}, ${view.viewer.id}, ${JSON.stringify(view.filter)}`;
      // Asked again each time: what is snoozed wakes by itself.
      const differs = async (rows: () => Promise<string[]>) =>
        difference(await rows(), (await view.load()).ids);
      const none = { tooMuch: [], missing: [] };
      await expect.poll(() => differs(() => catchUp(view, from)), { message, timeout: 8_000 }).toEqual(none);
      await expect
        .poll(() => differs(async () => [...view.rows.keys()]), { message, timeout: 8_000 })
        .toEqual(none);
    }
    // Also from further back.
    if (round % 3 === 2) earlier = now;
  }
}, 300_000);
