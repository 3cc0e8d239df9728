import { beforeAll, beforeEach, expect, test } from 'vitest';
import { deleteExpiredKeys } from '../../src/feed/idempotency.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { eventsOf } from '../support/log.ts';
import { createOrganization, openConversation, type TestOrganization } from '../support/organization.ts';

let gateway: Gateway;
let organization: TestOrganization;
let conversationId: string;

beforeAll(async () => {
  gateway = await startGateway();
});

beforeEach(async () => {
  organization = await createOrganization(gateway);
  conversationId = await openConversation(gateway, organization);
});

const RENAME = `mutation ($input: RenameConversationInput!) { changed: renameConversation(input: $input) {
  __typename ... on Conversation { id name version } ... on UserError { message } } }`;
const SEND = `mutation ($input: SendMessageInput!) { changed: sendMessage(input: $input) {
  __typename ... on MessageSent { sent { id content seq clientKey } } ... on UserError { message } } }`;

async function ask(
  query: string,
  input: object,
  person: { id: string; organizationId: string } = organization.agent,
) {
  const { data, errors = [], extensions = {} } = await gateway.ask(person, query, { input });
  expect(errors).toEqual([]);
  return { changed: data.changed, replayed: extensions.replayed, cursor: extensions.cursor };
}

const events = () => eventsOf(gateway, { organizationId: organization.id });

test('a repeated key with the same input makes one change, and returns the same result with the same cursor', async () => {
  const input = { conversationId, content: 'Hello', idempotencyKey: 'one' };
  const first = await ask(SEND, input);
  const before = await events();
  const again = await ask(SEND, { idempotencyKey: 'one', content: 'Hello', conversationId });
  expect(first).toMatchObject({ changed: { sent: { seq: 1, clientKey: 'one' } }, replayed: undefined });
  expect(again).toEqual({ ...first, replayed: true });
  expect(await events()).toEqual(before);
});

test('the result of a repeated key is read again: the fields now selected, with their current values', async () => {
  const input = { conversationId, name: 'First', idempotencyKey: 'rename' };
  await ask(RENAME, input);
  await ask(RENAME, { conversationId, name: 'Second' });
  expect(await ask(RENAME, input)).toMatchObject({ changed: { name: 'Second', version: 3 }, replayed: true });
});

test('a repeated key with another input is refused and changes nothing', async () => {
  await ask(RENAME, { conversationId, name: 'First', idempotencyKey: 'key' });
  const before = await events();
  const { changed } = await ask(RENAME, { conversationId, name: 'Second', idempotencyKey: 'key' });
  expect(changed.__typename).toBe('IdempotencyKeyReusedError');
  expect(changed.message).toContain('"key"');
  // Null clears the detail, while an omitted detail stays: these inputs differ.
  const { changed: withNull } = await ask(RENAME, {
    conversationId,
    name: 'First',
    detail: null,
    idempotencyKey: 'key',
  });
  expect(withNull.__typename).toBe('IdempotencyKeyReusedError');
  expect(await events()).toEqual(before);
});

test('keys are separate for each viewer and mutation', async () => {
  await ask(RENAME, { conversationId, name: 'First', idempotencyKey: 'key' });
  const other = await ask(
    RENAME,
    { conversationId, name: 'Second', idempotencyKey: 'key' },
    organization.colleague,
  );
  expect(other).toMatchObject({ changed: { name: 'Second' }, replayed: undefined });
  const sent = await ask(SEND, { conversationId, content: 'Hello', idempotencyKey: 'key' });
  expect(sent).toMatchObject({ changed: { sent: { seq: 1 } }, replayed: undefined });
});

test('a refused mutation does not use up its key', async () => {
  const refused = await ask(RENAME, {
    conversationId,
    name: 'Late',
    expectedVersion: 7,
    idempotencyKey: 'key',
  });
  expect(refused.changed.__typename).toBe('VersionConflictError');
  const done = await ask(RENAME, { conversationId, name: 'Late', expectedVersion: 1, idempotencyKey: 'key' });
  expect(done).toMatchObject({ changed: { name: 'Late' }, replayed: undefined });
});

test('a mutation that changes nothing uses up its key', async () => {
  const input = { conversationId, name: 'Dora', idempotencyKey: 'same' };
  expect(await ask(RENAME, input)).toMatchObject({ changed: { version: 1 }, replayed: undefined });
  await ask(RENAME, { conversationId, name: 'Other' });
  expect(await ask(RENAME, input)).toMatchObject({ changed: { name: 'Other' }, replayed: true });
});

test.each([
  ['', 'REQUIRED'],
  ['x'.repeat(256), 'TOO_LONG'],
])('a key that is empty or too long is refused', async (idempotencyKey, code) => {
  const { data } = await gateway.ask(
    organization.agent,
    RENAME.replace('message }', 'message } ... on InvalidInputError { issues { code path } }'),
    { input: { conversationId, name: 'New', idempotencyKey } },
  );
  expect(data.changed).toMatchObject({ issues: [{ code, path: ['input', 'idempotencyKey'] }] });
});

test('a message shows its key to the sender only', async () => {
  await ask(SEND, { conversationId, content: 'Hello', idempotencyKey: 'mine' });
  const query = `{ conversation(id: "${conversationId}") { messages { nodes { clientKey } } } }`;
  const keyFor = async (person: { id: string; organizationId: string }) =>
    (await gateway.ask(person, query)).data.conversation.messages.nodes[0].clientKey;
  expect(await keyFor(organization.agent)).toBe('mine');
  expect(await keyFor(organization.colleague)).toBeNull();
  expect(await keyFor(organization.contact)).toBeNull();
});

test('keys expire after 24 hours', async () => {
  const input = { conversationId, name: 'First', idempotencyKey: 'old' };
  await ask(RENAME, input);
  const { writes } = gateway.db;
  const age = (hours: number) =>
    writes.idempotencyKey.updateMany({
      where: { organizationId: organization.id },
      data: { createdAt: new Date(Date.now() - hours * 3_600_000) },
    });
  await age(23.9);
  await deleteExpiredKeys(gateway.db);
  expect((await ask(RENAME, input)).replayed).toBe(true);
  await age(24.1);
  await deleteExpiredKeys(gateway.db);
  expect((await ask(RENAME, { ...input, name: 'Second' })).changed).toMatchObject({ name: 'Second' });
});
