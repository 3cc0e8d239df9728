import { beforeAll, describe, expect, test } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';
import type { NodeType } from '../../src/ids.ts';
import { createFullOrganization, type Objects } from '../support/full-organization.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { selectAll } from '../support/selection.ts';

// A contact reaches a directory entry by many paths. By each they see it only if `node` shows it to them.

const DIRECTORY = ['BusinessUnit', 'User', 'Bot', 'Website', 'Audience', 'Channel'];
const STARTS: NodeType[] = [
  ...['Organization', 'BusinessUnit', 'Conversation', 'Contact', 'User', 'Bot'],
  ...['Website', 'Audience', 'Channel', 'Message', 'Attachment', 'TimelineEvent'],
] as NodeType[];

let gateway: Gateway;
let organization: Awaited<ReturnType<typeof createFullOrganization>>;

beforeAll(async () => {
  gateway = await startGateway();
  organization = await createFullOrganization(gateway);
});

const DEFAULT_CHANNEL =
  'query ($id: ID!) { node(id: $id) { ... on Website { defaultChannel { id name } } } }';

async function setDefaultChannel(channelId: string) {
  const where = { id: organization.own.Website };
  await gateway.db.writes.website.update({ where, data: { defaultChannelId: channelId } });
}

const defaultChannelFor = async (person: { id: string; organizationId: string }) =>
  (await gateway.ask(person, DEFAULT_CHANNEL, { id: organization.own.Website })).data.node.defaultChannel;

test('the default channel of a website is shown to a contact if a conversation of theirs uses it', async () => {
  const { contact, agent, own } = organization;
  await setDefaultChannel(own.Channel);
  expect(await defaultChannelFor(contact)).toMatchObject({ id: own.Channel });
  for (const hidden of [organization.channel.id, organization.foreign.Channel]) {
    await setDefaultChannel(hidden);
    expect(await defaultChannelFor(contact)).toBeNull();
    expect(await defaultChannelFor(agent)).toMatchObject({ id: hidden });
  }
});

test('a page of websites takes one statement, for a contact as well', async () => {
  const { contact } = organization;
  const query = '{ conversations(first: 10) { nodes { website { id defaultChannel { id name } } } } }';
  await gateway.ask(contact, query);
  gateway.statements();
  await gateway.ask(contact, query);
  expect(gateway.statements()).toHaveLength(1);
});

describe('no path from what a contact sees leads to a directory entry that node hides', () => {
  test.each(STARTS)('%s', async (type) => {
    const { contact, own, foreign } = organization;
    await setDefaultChannel(foreign.Channel);
    const fields = Object.values((schema.getType(type) as unknown as { getFields(): object }).getFields());
    const query = `query ($id: ID!) { node(id: $id) { __typename id ... on ${type} { ${selectAll(fields, 1)} } } }`;
    const { data, errors } = await gateway.ask(contact, query, { id: own[type as keyof Objects] });
    expect(errors).toBeUndefined();
    const ids = [...idsOf(data)];
    expect(ids.length).toBeGreaterThan(DIRECTORY.includes(type) ? 0 : -1);
    const found = await gateway.ask(contact, 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids });
    expect(found.data.nodes).toEqual(ids.map((id) => ({ id })));
  });
});

function* idsOf(value: unknown): Generator<string> {
  if (typeof value !== 'object' || value === null) return;
  const { __typename: type, id } = value as { __typename?: string; id?: string };
  if (id !== undefined && type !== undefined && DIRECTORY.includes(type)) yield id;
  for (const part of Object.values(value)) yield* idsOf(part);
}
