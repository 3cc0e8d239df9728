import { beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { socketClient } from '../support/live.ts';
import { createMutations, type Mutations, type Person, requireResult } from '../support/mutations.ts';
import { createOrganization, openConversation, type TestOrganization } from '../support/organization.ts';

// The embedded database runs one statement at a time.
const OPENED = process.env.TEST_DATABASE_URL ? 500 : 60;
const AT_ONCE = 5;
// Live messages, after CaughtUp.
const LIVE = 2;

const LOAD = 'query ($id: ID!) { conversation(id: $id) { lastSeq } streamCursor }';
const MESSAGES = `subscription ($id: ID, $after: String) { live: messageAdded(conversationId: $id, after: $after) { __typename ... on MessageAdded { message { seq } } } }`;
const CONVERSATION = `subscription ($id: ID!, $after: String) { live: conversation(id: $id, after: $after) { __typename ... on MessageAdded { message { seq } } } }`;
const INBOX = `subscription ($after: String) { live: inbox(after: $after) { __typename ... on MessageAdded { message { seq } } } }`;

interface Heard {
  live: { __typename: string; message?: { seq: number } };
}

let gateway: Gateway;
let changes: Mutations;
let organization: TestOrganization;
let id: string;

beforeAll(async () => {
  gateway = await startGateway();
  changes = createMutations(gateway);
});

beforeEach(async () => {
  organization = await createOrganization(gateway);
  id = await openConversation(gateway, organization);
});

/** Loads a page, subscribes after its cursor, and ends after two live messages; returns the page's last message and those of the stream. */
async function open(person: Person, query: string, client: ReturnType<typeof socketClient>) {
  const { data } = await gateway.ask(person, LOAD, { id });
  const variables = { ...(query === INBOX ? {} : { id }), after: data.streamCursor };
  const heard: number[] = [];
  let [isLive, live] = [false, 0];
  for await (const { data: frame, errors } of client.iterate<Heard>({ query, variables })) {
    expect(errors).toBeUndefined();
    if (frame?.live.__typename === 'CaughtUp') isLive = true;
    else if (frame?.live.__typename === 'ResetRequired') throw new Error('reset');
    if (frame?.live.message) heard.push(frame.live.message.seq);
    if (isLive && frame?.live.message && ++live === LIVE) break;
  }
  return { shown: data.conversation.lastSeq as number, heard };
}

for (const [what, query] of Object.entries({
  messageAdded: MESSAGES,
  conversation: CONVERSATION,
  inbox: INBOX,
})) {
  for (const who of ['agent', 'contact'] as const) {
    test(`a query and ${what} after its streamCursor give the ${who} each message, without a gap`, async () => {
      const person = organization[who];
      const client = socketClient(gateway.url, `Bearer ${await gateway.tokenFor(person)}`);
      onTestFinished(() => client.dispose() as Promise<void>);
      let isOver = false;
      const writing = (async () => {
        for (let count = 0; !isOver; count++) {
          const author = count % 3 === 2 ? organization.contact : organization.agent;
          requireResult(
            await changes.send(author, {
              conversationId: id,
              content: `${count}`,
              isPrivate: count % 3 === 1,
            }),
          );
        }
      })();
      const rounds = Math.ceil(OPENED / 6 / AT_ONCE);
      for (let round = 0; round < rounds; round++) {
        const opened = await Promise.all(Array.from({ length: AT_ONCE }, () => open(person, query, client)));
        for (const { shown, heard } of opened) {
          const [first = 0] = heard;
          // The cursor may be older than what is shown, never newer.
          expect(first).toBeLessThanOrEqual(shown + 1);
          expect(heard).toEqual(heard.map((_, index) => first + index));
          expect(heard.at(-1)).toBeGreaterThan(shown);
        }
      }
      isOver = true;
      await writing;
    }, 180_000);
  }
}
