import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Gateway, startGateways } from '../support/gateway.ts';
import { openLiveSubscription, openSubscription, type TestSubscription } from '../support/live.ts';
import { cursorAt, stateOf } from '../support/log.ts';
import { mutate } from '../support/mutate.ts';
import { createMutations, type Mutations, requireResult } from '../support/mutations.ts';
import { createOrganization, openConversation, type TestOrganization } from '../support/organization.ts';

const SECRET = 'my card number';

// Frames show text of the message, of the conversation's last message, and of the contact's other conversations.
const INBOX = `subscription ($after: String) { live: inbox(after: $after) { __typename
  ... on MessageAdded { message { content conversation { id lastMessage { content } } } }
  ... on MessageChanged { message { content } }
  ... on ConversationDeleted { conversationId }
  ... on ConversationChanged { conversation { contact { conversations { nodes { lastMessage { content } } } } } }
} }`;

let gateway: Gateway;
let other: Gateway;
let mutations: Mutations;
let organization: TestOrganization;
let conversationId: string;
let start: string;

beforeAll(async () => {
  const isSeveral = process.env.TEST_DATABASE_URL && process.env.TEST_REDIS_URL;
  const nodes = await startGateways(isSeveral ? 2 : 1);
  [gateway, other] = [nodes[0], nodes.at(-1)] as [Gateway, Gateway];
  mutations = createMutations(other);
});

beforeEach(async () => {
  organization = await createOrganization(gateway);
  conversationId = await openConversation(gateway, organization);
  const { head } = await stateOf(gateway, organization.id);
  start = await cursorAt(gateway, organization.id, head);
});

interface Redaction {
  title: string;
  event: string;
  /** The first subscriber hears the text; the second, whose frames are the same, resumes later. */
  subscribers: ('agent' | 'colleague' | 'contact')[];
  redact(messageId: string): Promise<void>;
}

async function mutateAsAdmin(mutation: string, options: { input: object; type?: string | undefined }) {
  const { errors } = await mutate(other, organization.admin, { mutation, selected: '', ...options });
  expect(errors).toBeUndefined();
}

const REDACTIONS: Redaction[] = [
  {
    title: 'a message was edited',
    event: 'MessageChanged',
    subscribers: ['agent', 'colleague'],
    redact: async (messageId) => {
      const input = { messageId, content: 'something else' };
      const { errors } = await mutate(other, organization.agent, {
        mutation: 'updateMessage',
        input,
        selected: '',
      });
      expect(errors).toBeUndefined();
    },
  },
  {
    title: 'a message was deleted',
    event: 'MessageChanged',
    subscribers: ['agent', 'colleague'],
    redact: (messageId) => mutateAsAdmin('deleteMessage', { input: { messageId } }),
  },
  {
    // The team still sees deleted conversations.
    title: 'a conversation was deleted',
    event: 'ConversationDeleted',
    subscribers: ['contact', 'contact'],
    redact: () =>
      mutateAsAdmin('deleteConversation', { input: { conversationId }, type: 'ConversationInput' }),
  },
];

/** Sends the secret, and changes another conversation of the contact, through which it can be seen. */
async function sendSecret() {
  const elsewhere = await openConversation(gateway, organization);
  const { id } = requireResult(await mutations.send(organization.agent, { conversationId, content: SECRET }));
  await mutations.setStatus(organization.agent, { conversationId: elsewhere, status: 'PENDING' });
  return id;
}

const upTo = (live: TestSubscription, type: string) => live.upTo(({ __typename }) => __typename === type);
const showsSecret = (frames: unknown) => JSON.stringify(frames).includes(SECRET);

for (const { title, event, subscribers, redact } of REDACTIONS) {
  describe(`after ${title}`, () => {
    const open = (index: number, after?: string) => {
      const person = organization[subscribers[index] as 'agent'];
      const options = { query: INBOX, after };
      return after
        ? openSubscription(gateway, person, options)
        : openLiveSubscription(gateway, person, options);
    };

    test('a subscriber who resumes is not sent the old text from the result cache', async () => {
      const first = await open(0);
      const messageId = await sendSecret();
      expect(showsSecret(await upTo(first, 'ConversationChanged'))).toBe(true);
      expect(showsSecret(await upTo(await open(1, start), 'CaughtUp'))).toBe(true);

      await redact(messageId);
      await upTo(first, event);
      expect(showsSecret(await upTo(await open(1, start), 'CaughtUp'))).toBe(false);
    });

    test('nor is a subscriber who resumes on a node that had no subscribers at that time', async () => {
      const first = await open(0);
      const messageId = await sendSecret();
      expect(showsSecret(await upTo(first, 'ConversationChanged'))).toBe(true);
      first.stop();
      await expect.poll(() => gateway.feed.count().streams).toBe(0);

      await redact(messageId);
      expect(showsSecret(await upTo(await open(1, start), 'CaughtUp'))).toBe(false);
    });
  });
}
