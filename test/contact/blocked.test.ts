import { getNamedType } from 'graphql';
import { beforeAll, describe, expect, test } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';
import type { NodeType } from '../../src/ids.ts';
import { footprintOf } from '../support/footprint.ts';
import { createFullOrganization } from '../support/full-organization.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { mutate } from '../support/mutate.ts';
import { EXAMPLES, setScene } from '../support/mutation-examples.ts';

// A blocked contact sees nothing but themselves, and changes nothing.

let gateway: Gateway;
let organization: Awaited<ReturnType<typeof createFullOrganization>>;

async function block({ admin, contact }: Pick<typeof organization, 'admin' | 'contact'>) {
  const input = { contactId: contact.id, blocked: true };
  const { result } = await mutate(gateway, admin, { mutation: 'setContactBlocked', input, selected: '' });
  expect(result.message).toBeUndefined();
}

beforeAll(async () => {
  gateway = await startGateway();
  organization = await createFullOrganization(gateway);
  await block(organization);
});

const ask = (query: string, variables: object = {}) => gateway.ask(organization.contact, query, variables);

/** Expects that the operation gives nothing, and that every error says FORBIDDEN. */
async function expectForbidden(query: string, variables: object = {}) {
  const { data, errors = [] } = await ask(query, variables);
  const values = Object.values(data ?? {}).flatMap((value) => value ?? []);
  expect({ query, values, codes: new Set(errors.map(({ extensions }) => extensions?.code)) }).toEqual({
    query,
    values: [],
    codes: new Set(['FORBIDDEN']),
  });
}

test('a blocked contact sees that they are blocked', async () => {
  const { data, errors } = await ask(
    '{ viewer { organization { name } identity { id ... on Contact { name blocked email } } } }',
  );
  expect(errors).toBeUndefined();
  expect(data.viewer).toMatchObject({
    organization: { name: 'Test' },
    identity: { id: organization.contact.id, name: 'Dora', blocked: true },
  });
});

test.each([
  '{ conversations(first: 1) { totalCount nodes { id } } }',
  '{ conversations(first: 1, filter: { text: "Open" }) { nodes { id } } }',
  '{ conversationCounts { mine } }',
  '{ streamCursor }',
  '{ users(first: 1) { nodes { id } } }',
  '{ bots(first: 1) { nodes { id } } }',
  '{ channels(first: 1) { nodes { id } } }',
  '{ websites(first: 1) { nodes { id } } }',
  '{ audiences(first: 1) { nodes { id } } }',
  '{ viewer { identity { ... on Contact { conversations(first: 1) { nodes { id } } } } } }',
])('a blocked contact may not ask %s', async (query) => {
  await expectForbidden(query);
});

describe('a blocked contact finds by its id, through node and nodes', () => {
  const names = schema.getPossibleTypes(schema.getType('Node') as never).map(({ name }) => name as NodeType);

  test.each(names)('%s', async (name) => {
    const id = organization.own[name];
    if (name === 'Contact' || name === 'Organization') {
      const { data } = await ask('query ($id: ID!) { node(id: $id) { id } }', { id });
      expect(data.node).toEqual({ id });
      return;
    }
    await expectForbidden('query ($id: ID!) { node(id: $id) { id } }', { id });
    await expectForbidden('query ($id: ID!) { nodes(ids: [$id]) { id } }', { id });
  });

  test('no conversation', async () => {
    const id = organization.own.Conversation;
    await expectForbidden(
      'query ($id: ID!) { conversation(id: $id) { messages(first: 1) { nodes { id } } } }',
      {
        id,
      },
    );
  });
});

describe('a blocked contact can not run', () => {
  const codes = new Set(['FORBIDDEN', 'ContactBlockedError']);

  test.each(Object.keys(EXAMPLES))('%s', async (mutation) => {
    const scene = await setScene(gateway);
    const example = await EXAMPLES[mutation]?.(scene);
    const { contact, admin, id } = scene.organization;
    await block({ contact, admin } as typeof organization);
    const before = await footprintOf(gateway, id);
    // A contact may give neither this key nor these ids: the refusal must not depend on it.
    const mine = {
      upsertContact: { key: { email: 'me@example.org' } },
      updateContact: { contactId: contact.id },
    };
    const input = { ...example?.input, ...mine[mutation as keyof typeof mine] };
    const own = mutation === 'createConversation' ? { channelId: scene.organization.channel.id } : input;
    const type = getNamedType(schema.getMutationType()?.getFields()[mutation]?.args[0]?.type)?.name;
    const { result, errors } = await mutate(gateway, contact, { mutation, input: own, selected: '', type });
    expect(codes).toContain(result?.__typename ?? errors?.[0]?.extensions?.code);
    expect(await footprintOf(gateway, id)).toEqual(before);
  });

  test('what they have run before again, with its idempotency key: the answer tells nothing', async () => {
    const { organization: fresh, conversationId } = await setScene(gateway);
    const input = { conversationId, content: 'Hello', idempotencyKey: 'key' };
    const selected = '... on MessageSent { sent { content } }';
    const send = () => mutate(gateway, fresh.contact, { mutation: 'sendMessage', input, selected });
    expect((await send()).result.sent).toEqual({ content: 'Hello' });
    await block(fresh as typeof organization);
    const { result, errors } = await send();
    expect(result?.sent ?? null).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });
});
