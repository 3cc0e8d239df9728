import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';
import { expectConsistent } from '../support/consistency.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import {
  at,
  CONTACTS,
  createModel,
  isContact,
  type Model,
  type Operation,
  seenBy,
  USERS,
  VIEWERS,
  type Who,
} from '../support/model.ts';
import { apply } from '../support/model-operation.ts';
import { createOrganization, openConversation, type TestOrganization } from '../support/organization.ts';
import { chooseSeeds } from '../support/seeds.ts';
import { times } from '../support/times.ts';

const SEEDS = chooseSeeds([1, 2, 3, 4]);
const HISTORIES = 5;
const LENGTH = 50;
const STATUSES = ['OPEN', 'PENDING', 'SNOOZED', 'RESOLVED', 'CLOSED', 'ABANDONED', 'SPAM'];
const FAR = '2099-01-01T00:00:00.000Z';

let gateway: Gateway;

beforeAll(async () => {
  gateway = await startGateway();
});

const by = fc.constantFrom(...VIEWERS);
const index = fc.nat(4);
const user = fc.constantFrom(...USERS);
const contact = fc.constantFrom(...CONTACTS);
const labels = fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { maxLength: 2 });

function kind<T extends Operation['do']>(verb: T, more: Record<string, fc.Arbitrary<unknown>> = {}) {
  return fc.record({ by, do: fc.constant(verb), at: index, ...more }) as unknown as fc.Arbitrary<Operation>;
}

const operation: fc.Arbitrary<Operation> = fc.oneof(
  kind('create', { contact, withMessage: fc.boolean() }),
  kind('rename', { name: fc.constantFrom('A', 'B'), isStale: fc.boolean() }),
  { arbitrary: kind('setStatus', { status: fc.constantFrom(...STATUSES) }), weight: 3 },
  kind('assign', { to: fc.option(user) }),
  kind('handOver', { to: fc.constantFrom(...USERS, 'bot', null) }),
  { arbitrary: kind('claim'), weight: 2 },
  kind('join'),
  kind('leave'),
  kind('addMember', { user }),
  kind('removeMember', { user }),
  kind('label', { add: labels, remove: labels }),
  kind('prioritize', { priority: fc.constantFrom('HIGH', 'LOW', null) }),
  { arbitrary: kind('send', { isPrivate: fc.boolean() }), weight: 6 },
  { arbitrary: kind('read', { upTo: fc.option(fc.nat(6)) }), weight: 4 },
  { arbitrary: kind('deleteMessage', { nth: fc.nat(3) }), weight: 2 },
  kind('delete'),
  { arbitrary: kind('restore'), weight: 2 },
  kind('block', { contact, blocked: fc.boolean() }),
);

// All histories have the same length. Shrinking replaces operations by null, one after another.
const history = fc
  .tuple(...times(LENGTH, () => fc.option(operation, { freq: 1_000_000 })))
  .map((operations) => operations.filter((made) => made !== null));

test.each(SEEDS)(
  `${HISTORIES} random histories of ${LENGTH} operations have the results that the model predicts (HISTORY_SEED=%i)`,
  async (seed) => {
    const property = fc.asyncProperty(history, async (operations) => {
      const organization = await createOrganization(gateway);
      const model = createModel();
      for (const conversation of model.conversations)
        conversation.id = await openConversation(gateway, organization, {
          contactId: organization[conversation.contact].id,
        });
      for (const made of operations) {
        const sent = requestOf(model, organization, made);
        const expected = apply(model, made);
        expect({ ...made, answer: await run(model, organization, made.by, sent) }).toEqual({
          ...made,
          answer: expected,
        });
      }
      for (const viewer of VIEWERS.filter((who) => !isContact(who) || !model.blocked.has(who)))
        expect(await look(organization, viewer, model)).toEqual(
          model.conversations.map((conversation) => seenBy(conversation, viewer)),
        );
      await expectConsistent(gateway, organization.id);
    });
    await fc.assert(property, { seed, numRuns: HISTORIES });
  },
  600_000,
);

interface Request {
  mutation: string;
  input: object;
}

/** The operation as a mutation of the API. Called before the model applies the operation. */
function requestOf(model: Model, organization: TestOrganization, made: Operation): Request {
  const conversation = at(model, made);
  const conversationId = conversation.id;
  const idOf = (who: Who | null) => (who === null ? null : organization[who].id);
  switch (made.do) {
    case 'create': {
      const input = {
        channelId: organization.channel.id,
        ...(isContact(made.by) ? {} : { contactId: idOf(made.contact) }),
        ...(made.withMessage ? { firstMessage: { content: 'Hello' } } : {}),
      };
      return { mutation: 'createConversation', input };
    }
    case 'rename': {
      const { version } = seenBy(conversation, 'agent') as { version: number };
      const expectedVersion = version + (made.isStale ? 1 : 0);
      return { mutation: 'renameConversation', input: { conversationId, name: made.name, expectedVersion } };
    }
    case 'setStatus': {
      const snoozedUntil = made.status === 'SNOOZED' ? FAR : null;
      return {
        mutation: 'setConversationStatus',
        input: { conversationId, status: made.status, snoozedUntil },
      };
    }
    case 'assign':
      return { mutation: 'assignConversation', input: { conversationId, userId: idOf(made.to) } };
    case 'handOver':
      return { mutation: 'handOverConversation', input: { conversationId, to: idOf(made.to) } };
    case 'addMember':
    case 'removeMember':
      return {
        mutation: made.do.replace('Member', 'ConversationMember'),
        input: { conversationId, userId: idOf(made.user) },
      };
    case 'label': {
      const { add, remove } = made;
      return { mutation: 'setConversationLabels', input: { conversationId, add, remove } };
    }
    case 'prioritize':
      return { mutation: 'setConversationPriority', input: { conversationId, priority: made.priority } };
    case 'send':
      return {
        mutation: 'sendMessage',
        input: { conversationId, content: 'Hello', isPrivate: made.isPrivate },
      };
    case 'read':
      return { mutation: 'markConversationRead', input: { conversationId, upToSeq: made.upTo } };
    case 'deleteMessage':
      return {
        mutation: 'deleteMessage',
        input: { messageId: conversation.messages[made.nth]?.id ?? 'MSG-none' },
      };
    case 'block':
      return {
        mutation: 'setContactBlocked',
        input: { contactId: idOf(made.contact), blocked: made.blocked },
      };
    default:
      return { mutation: `${made.do}Conversation`, input: { conversationId } };
  }
}

const RESULTS = [
  '... on Conversation { id messages(first: 1) { nodes { id } } }',
  '... on MessageSent { sent { id conversation { id } } }',
  '... on Contact { id }',
];

/** Sends the mutation and stores the ids of created objects in the model. Returns OK, the error's type name or its code. */
async function run(model: Model, organization: TestOrganization, who: Who, { mutation, input }: Request) {
  const field = schema.getMutationType()?.getFields()[mutation];
  const members = schema.getPossibleTypes(field?.type as never).map(({ name }) => name);
  const results = RESULTS.filter((result) => members.some((name) => result.includes(`on ${name} `)));
  const document = `mutation ($input: ${field?.args[0]?.type}) { changed: ${mutation}(input: $input) {
    __typename ${results.join(' ')} ... on UserError { message } } }`;
  const { data, errors } = await gateway.ask(organization[who], document, { input });
  const changed = data?.changed;
  if (!changed) return errors?.[0]?.extensions?.code;
  if (changed.__typename.endsWith('Error')) return changed.__typename;
  if (mutation === 'createConversation' || mutation === 'sendMessage') {
    const id = changed.sent?.conversation.id ?? changed.id;
    const messageId = changed.sent?.id ?? changed.messages.nodes[0]?.id;
    const into = model.conversations.find((conversation) => ['', id].includes(conversation.id));
    if (into) into.id = id;
    const message = into?.messages.at(-1);
    if (message) message.id = messageId;
  }
  return 'OK';
}

const STATE = `name status owner { id } handledBy waitingSince lastSeq unreadCount viewerLastReadSeq
  timeline(first: 100) { nodes { type actor { id } } }`;
const TEAM_STATE = 'deletedAt members { user { id } } labels priority version';

/** All conversations as the gateway shows them to the viewer, in the format of the model. */
async function look(organization: TestOrganization, viewer: Who, { conversations }: Model) {
  const selected = isContact(viewer) ? STATE : `${STATE} ${TEAM_STATE}`;
  const parts = conversations.map(({ id }, place) => `c${place}: conversation(id: "${id}") { ${selected} }`);
  const nameOf = (one: { id: string } | null) =>
    VIEWERS.find((who) => organization[who].id === one?.id) ?? null;
  const shown = [];
  // One query per conversation: a query of all may exceed the complexity limit.
  for (const part of parts) {
    const { data, errors } = await gateway.ask(organization[viewer], `{ ${part} }`);
    expect(errors).toBeUndefined();
    const [conversation] = Object.values(data) as [Shown | null];
    if (conversation === null) {
      shown.push(null);
      continue;
    }
    const { waitingSince, owner, timeline, deletedAt, members, ...rest } = conversation;
    const common = { ...rest, owner: nameOf(owner), isWaiting: waitingSince !== null };
    if (isContact(viewer)) {
      shown.push({ ...common, timeline: timeline.nodes.map(({ type }) => type) });
      continue;
    }
    shown.push({
      ...common,
      isDeleted: deletedAt !== null,
      members: members.map((member) => nameOf(member.user)).sort(),
      timeline: timeline.nodes.map(({ type, actor }) => `${type} ${nameOf(actor)}`),
    });
  }
  return shown;
}

interface Shown {
  waitingSince: string | null;
  owner: { id: string } | null;
  timeline: { nodes: { type: string; actor: { id: string } | null }[] };
  deletedAt: string | null;
  members: { user: { id: string } }[];
}
