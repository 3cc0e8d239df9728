import { beforeAll, expect, test } from 'vitest';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { createMutations, requireResult } from '../support/mutations.ts';
import { createOrganization, openConversation, type TestOrganization } from '../support/organization.ts';
import {
  idsOf,
  PAGE,
  type PageArgs,
  pagesOf,
  type ReadPage,
  walkBackward,
  walkForward,
} from '../support/paging.ts';

const COUNT = 23;

let gateway: Gateway;
let organization: TestOrganization;
let conversationId: string;
let sent: string[];
let pages: ReadPage;

beforeAll(async () => {
  gateway = await startGateway();
  organization = await createOrganization(gateway);
  const { agent, bot, contact } = organization;
  conversationId = await openConversation(gateway, organization);
  const { send } = createMutations(gateway);
  sent = [];
  for (let index = 0; index < COUNT; index++) {
    const sender = [agent, contact, bot][index % 3] ?? agent;
    const isPrivate = sender === agent && index % 2 === 0;
    sent.push(requireResult(await send(sender, { conversationId, content: `${index + 1}`, isPrivate })).id);
  }
  await openConversation(gateway, organization, { firstMessage: { content: 'elsewhere' } });
  pages = pagesOf(gateway, agent, {
    query: `conversation(id: $id) { messages(first: $first, after: $after, last: $last, before: $before) { ${PAGE} } }`,
    variables: { id: conversationId },
    pick: (data) => data.conversation.messages,
  });
});

/** The numbers on a page, and whether there is a page before and after it. */
async function numbers(args: PageArgs & { aroundSeq?: number }) {
  const document = `query ($id: ID!, $first: Int, $after: String, $last: Int, $before: String, $aroundSeq: Int) { conversation(id: $id) {
    messages(first: $first, after: $after, last: $last, before: $before, aroundSeq: $aroundSeq) {
    totalCount nodes { seq } pageInfo { hasPreviousPage hasNextPage startCursor endCursor } } } }`;
  const { data, errors } = await gateway.ask(organization.agent, document, { id: conversationId, ...args });
  expect(errors).toBeUndefined();
  const { nodes, pageInfo, totalCount } = data.conversation.messages;
  expect(totalCount).toBe(COUNT);
  return { seqs: nodes.map(({ seq }: { seq: number }) => seq), ...pageInfo };
}

test('messages are sorted oldest first with seq 1, 2, 3, including notes', async () => {
  const page = await numbers({ first: 100 });
  expect(page.seqs).toEqual(Array.from({ length: COUNT }, (_, index) => index + 1));
  expect(idsOf(await pages({ first: 100 }))).toEqual(sent);
});

test.each([1, 4, 7, COUNT])('pages of %i cover all messages in both directions', async (size) => {
  expect(await walkForward(pages, size)).toEqual(sent);
  expect(await walkBackward(pages, size)).toEqual(sent);
});

test('`last` returns the newest messages, sorted oldest first', async () => {
  expect(await numbers({ last: 3 })).toMatchObject({
    seqs: [21, 22, 23],
    hasPreviousPage: true,
    hasNextPage: false,
  });
});

test('aroundSeq centers the page, and paging continues in both directions', async () => {
  const page = await numbers({ aroundSeq: 10, first: 5 });
  expect(page).toMatchObject({ seqs: [8, 9, 10, 11, 12], hasPreviousPage: true, hasNextPage: true });
  expect((await numbers({ first: 2, after: page.endCursor })).seqs).toEqual([13, 14]);
  expect((await numbers({ last: 2, before: page.startCursor })).seqs).toEqual([6, 7]);
});

test('aroundSeq near an end returns the available messages', async () => {
  expect(await numbers({ aroundSeq: 1, first: 5 })).toMatchObject({
    seqs: [1, 2, 3, 4, 5],
    hasPreviousPage: false,
    hasNextPage: true,
  });
  expect(await numbers({ aroundSeq: 3, first: 5 })).toMatchObject({
    seqs: [1, 2, 3, 4, 5],
    hasPreviousPage: false,
  });
  expect(await numbers({ aroundSeq: 4, first: 5 })).toMatchObject({
    seqs: [2, 3, 4, 5, 6],
    hasPreviousPage: true,
  });
  expect(await numbers({ aroundSeq: 23, first: 5 })).toMatchObject({
    seqs: [21, 22, 23],
    hasPreviousPage: true,
    hasNextPage: false,
  });
  expect(await numbers({ aroundSeq: 1000, first: 5 })).toMatchObject({ seqs: [], hasNextPage: false });
});

test('aroundSeq without a size uses the default page size', async () => {
  expect((await numbers({ aroundSeq: 11 })).seqs).toEqual(
    Array.from({ length: 20 }, (_, index) => index + 1),
  );
});

test('messages page within pages of the conversations of a contact', async () => {
  const { contact, agent } = organization;
  const document = `query ($id: ID!, $after: String) { contact(id: $id) { conversations(first: 1, after: $after) {
    nodes { messages(first: 2) { nodes { content } pageInfo { hasNextPage } } } pageInfo { endCursor hasNextPage } } } }`;
  const read = async (after: string | null) =>
    (await gateway.ask(agent, document, { id: contact.id, after })).data.contact.conversations;
  const first = await read(null);
  expect(first.nodes).toEqual([
    { messages: { nodes: [{ content: 'elsewhere' }], pageInfo: { hasNextPage: false } } },
  ]);
  const second = await read(first.pageInfo.endCursor);
  expect(second.nodes).toEqual([
    { messages: { nodes: [{ content: '1' }, { content: '2' }], pageInfo: { hasNextPage: true } } },
  ]);
  expect([first, second].map(({ pageInfo }) => pageInfo.hasNextPage)).toEqual([true, false]);
});
