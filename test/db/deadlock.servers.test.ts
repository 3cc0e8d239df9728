import { expect, test } from 'vitest';
import { expectConsistent } from '../support/consistency.ts';
import { createMutate, type Mutate } from '../support/conversation-mutations.ts';
import { type Gateway, startGateways } from '../support/gateway.ts';
import type { Person } from '../support/mutations.ts';
import { createOrganization, openConversation } from '../support/organization.ts';
import { createChance } from '../support/random.ts';
import { times } from '../support/times.ts';

const WRITERS = 64;
const CONVERSATIONS = 20;
const MUTATIONS_PER_WRITER = Number(process.env.DEADLOCK_MUTATIONS ?? 8);
const SEED = Number(process.env.DEADLOCK_SEED ?? 1);

// Errors that a writer may get when another one was faster.
const REFUSALS = ['AlreadyAssignedError', 'InvalidTransitionError', 'ConversationClosedError'];

type Chance = ReturnType<typeof createChance>;

test(`${WRITERS} concurrent writers on two nodes cause no deadlock, seed ${SEED}`, async () => {
  const nodes = await startGateways(2);
  const [gateway] = nodes as [Gateway, Gateway];
  const organization = await createOrganization(gateway);
  const contacts = [organization.contact, organization.otherContact];
  const ids: string[] = [];
  for (const index of times(CONVERSATIONS, (place) => place))
    ids.push(
      await openConversation(gateway, organization, {
        contactId: contacts[index % 2]?.id,
        channelId: organization.channel.id,
      }),
    );
  const { agent, colleague, bot, channel } = organization;
  const users = [agent, colleague];

  /** Any mutation that its author may make; a contact's is in a conversation of their own. */
  function pickMutation({ dice, pick: some }: Chance): [mutation: string, person: Person, input: object] {
    const shuffled = (list: readonly string[]) =>
      list
        .map((id) => [dice(1_000_000), id] as const)
        .sort(([one], [other]) => one - other)
        .map(([, id]) => id);
    const at = dice(CONVERSATIONS);
    const conversationId = ids[at];
    const contact = contacts[at % 2] as Person;
    const user = some(users);
    const label = some(['a', 'b', 'c']);
    return some<() => [string, Person, object]>([
      () => ['sendMessage', contact, { conversationId, content: 'Hello?' }],
      () => ['sendMessage', user, { conversationId, content: 'Hello', isPrivate: dice(10) < 3 }],
      () => ['sendMessage', bot, { conversationId, content: 'Beep', mentionedUserIds: [user.id] }],
      () => ['assignConversation', bot, { conversationId, userId: some([user.id, null]) }],
      () => ['claimConversation', user, { conversationId }],
      () => ['handOverConversation', user, { conversationId, to: some([bot.id, user.id]), note: 'Yours' }],
      () => ['joinConversation', user, { conversationId }],
      () => ['leaveConversation', user, { conversationId }],
      () => ['setConversationLabels', user, { conversationId, add: [label] }],
      () => ['setConversationLabels', user, { conversationId, remove: [label] }],
      () => ['markConversationRead', user, { conversationId }],
      () => ['markConversationRead', contact, { conversationId, upToSeq: 0 }],
      () => ['markConversationRead', contact, { conversationId }],
      () => ['setConversationStatus', user, { conversationId, status: some(['OPEN', 'RESOLVED', 'CLOSED']) }],
      () => ['renameConversation', user, { conversationId, name: some(['A', 'B']) }],
      () => [
        'updateConversations',
        user,
        {
          conversationIds: shuffled(ids).slice(0, 5),
          ownerId: some([agent.id, colleague.id, null]),
          addLabels: [label],
        },
      ],
      () => ['updateContact', contact, { contactId: contact.id, company: some(['A', 'B']) }],
      () => ['updateContact', user, { contactId: contact.id, addLabels: [label] }],
      () => ['upsertContact', user, { key: { email: `${label}@example.org` }, name: label }],
      () => ['createConversation', contact, { channelId: channel.id, firstMessage: { content: 'Hi' } }],
      () => [
        'createConversation',
        user,
        { channelId: channel.id, contact: { email: `${label}@example.org` } },
      ],
    ])();
  }

  const answers = new Map<string, number>();
  async function write(mutate: Mutate, chance: Chance) {
    for (let made = 0; made < MUTATIONS_PER_WRITER; made++) {
      const [mutation, person, input] = pickMutation(chance);
      const { result, errors } = await mutate(mutation, person, input);
      const answer = errors
        ? `${mutation}: ${errors.map(({ message }) => message).join()}`
        : (result.__typename ?? 'done');
      answers.set(answer, (answers.get(answer) ?? 0) + 1);
    }
  }
  await Promise.all(
    times(WRITERS, (index) =>
      write(createMutate(nodes[index % 2] ?? gateway), createChance(SEED + index * 104_729)),
    ),
  );

  const unexpected = [...answers.keys()].filter(
    (answer) => !['done', 'Conversation', ...REFUSALS].includes(answer),
  );
  expect(unexpected).toEqual([]);
  expect((answers.get('done') ?? 0) + (answers.get('Conversation') ?? 0)).toBeGreaterThan(WRITERS);
  await expectConsistent(gateway, organization.id);
  // A deadlock would be retried and not reported to the client, so PostgreSQL's own counter is asked.
  const statistics = await gateway.db.reads.$queryRaw`
    SELECT deadlocks::int FROM pg_stat_database WHERE datname = current_database()`;
  expect(statistics).toEqual([{ deadlocks: 0 }]);
}, 180_000);
