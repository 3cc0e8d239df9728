import { beforeAll, describe, expect, test } from 'vitest';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { insideOf, post } from '../support/http.ts';
import { createOrganization, openConversation, type TestOrganization } from '../support/organization.ts';
import { refusalOf } from '../support/refusal.ts';
import { textPlaces } from '../support/text-paths.ts';

// Strings and JSON that PostgreSQL can't store: rejected before execution.

const NUL = 'a\0b';
const HALF_PAIR = 'a\ud83d b';

let gateway: Gateway;
let organization: TestOrganization;
let conversationId: string;
let authorization: string;

beforeAll(async () => {
  gateway = await startGateway();
  organization = await createOrganization(gateway);
  conversationId = await openConversation(gateway, organization, { firstMessage: { content: 'Hello' } });
  authorization = `Bearer ${await gateway.tokenFor(organization.agent)}`;
});

const errorOf = (query: string, variables?: object | string) =>
  refusalOf(gateway, organization.agent, query, variables);

const RENAME =
  'mutation ($input: RenameConversationInput!) { renameConversation(input: $input) { __typename } }';
const SEND = 'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { __typename } }';

describe('the character U+0000 is rejected in every string, id and JSON value', () => {
  const places = textPlaces();

  test.each(places)('$path', async ({ path, document, variables }) => {
    const [, argument = ''] = path.split(':');
    const message = `${argument}: holds the character U+0000, which no text may have.`;
    expect(await errorOf(document, variables(NUL))).toEqual({ code: 'BAD_USER_INPUT', argument, message });
  });

  test('the tested places cover all kinds of input', () => {
    const paths = places.map(({ path }) => path);
    for (const path of [
      'node:id',
      'nodes:ids.0',
      'conversations:after',
      'conversations:filter.text',
      'conversations:filter.labels.0',
      'renameConversation:input.name',
      'createConversation:input.firstMessage.attachments.0.meta',
      'createConversation:input.participants.0.target',
    ]) {
      expect(paths).toContain(path);
    }
  });

  test('in a string literal of the document', async () => {
    const document = String.raw`mutation { renameConversation(input: { conversationId: "x", name: "a\u0000" }) { __typename } }`;
    expect(await errorOf(document)).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'input.name' });
    const nested = String.raw`{ viewer { identity { ... on Contact { conversations(filter: { text: "\u0000" }) { totalCount } } } } }`;
    expect(await errorOf(nested)).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'filter.text' });
  });

  test('in values and keys of JSON at any depth', async () => {
    const at = (contentAttributes: object) =>
      errorOf(SEND, { input: { conversationId, content: 'x', contentAttributes } });
    expect(await at({ a: [{ b: NUL }] })).toMatchObject({ argument: 'input.contentAttributes.a.0.b' });
    expect(await at({ a: { [NUL]: 1 } })).toMatchObject({
      argument: 'input.contentAttributes.a',
      message: expect.stringContaining('has a key that holds the character U+0000'),
    });
  });

  test('in an argument of a subscription', async () => {
    const query = 'subscription ($id: ID) { messageAdded(conversationId: $id) { __typename } }';
    const body = JSON.stringify({ query, variables: { id: NUL } });
    const { text } = await post(gateway, body, { authorization, headers: { accept: 'text/event-stream' } });
    expect(text).toContain('id: holds the character U+0000');
    expect(insideOf(text)).toBeNull();
  });
});

describe('a lone surrogate is rejected', () => {
  test.each([
    ['name', { conversationId: 'x', name: HALF_PAIR }],
    ['detail', { conversationId: 'x', name: 'x', detail: '\udc00' }],
    ['conversationId', { conversationId: HALF_PAIR, name: 'x' }],
  ])('in %s', async (field, input) => {
    const error = await errorOf(RENAME, { input });
    expect(error).toMatchObject({ code: 'BAD_USER_INPUT', argument: `input.${field}` });
    expect(error.message).toContain('half a surrogate pair');
  });

  test('in JSON, and in a document', async () => {
    const contentAttributes = { a: HALF_PAIR };
    expect(await errorOf(SEND, { input: { conversationId, contentAttributes } })).toMatchObject({
      argument: 'input.contentAttributes.a',
    });
    expect((await errorOf(String.raw`{ node(id: "\ud83d") { id } }`)).message).toContain(
      'Invalid Unicode escape sequence',
    );
  });

  test('but whole surrogate pairs are accepted', async () => {
    const { data } = await gateway.ask(
      organization.agent,
      'query ($filter: ConversationFilter) { conversations(filter: $filter) { totalCount } }',
      { filter: { text: '😀 𝒳 \u0001' } },
    );
    expect(data.conversations).toEqual({ totalCount: 0 });
  });
});

// A body that is nested deeper than 200 levels is refused before it is parsed: see server/json-depth.test.ts.
describe('JSON that is nested too deeply is rejected', () => {
  test.each([
    ['arrays', '['.repeat(150) + ']'.repeat(150)],
    ['objects', `${'{"a":'.repeat(150)}1${'}'.repeat(150)}`],
  ])('%s', async (_name, json) => {
    const error = await errorOf(
      SEND,
      `{"input":{"conversationId":"${conversationId}","contentAttributes":{"deep":${json}}}}`,
    );
    expect(error).toMatchObject({
      code: 'BAD_USER_INPUT',
      message: expect.stringMatching(/^input\.contentAttributes\.deep.*deeper than 100 levels/),
    });
  });

  test('in a variable of any type, or one that is not declared', async () => {
    const deep = `{"id":${'['.repeat(150)}${']'.repeat(150)}}`;
    expect((await errorOf('query ($id: ID!) { node(id: $id) { id } }', deep)).message).toContain(
      'deeper than 100 levels',
    );
    expect((await errorOf('{ viewer { identity { id } } }', deep)).message).toContain(
      'deeper than 100 levels',
    );
  });

  test('but JSON within the limit is stored', async () => {
    const deepest = JSON.parse(`${'{"a":'.repeat(90)}1${'}'.repeat(90)}`);
    const { data } = await gateway.ask(
      organization.agent,
      'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { ... on MessageSent { sent { contentAttributes } } } }',
      { input: { conversationId, content: 'x', contentAttributes: deepest } },
    );
    expect(data.sendMessage.sent.contentAttributes).toEqual(deepest);
  });
});
