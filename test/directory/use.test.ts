import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  createEntry,
  DIRECTORY_KINDS,
  type DirectoryKind,
  idField,
  mutateDirectory,
} from '../support/directory.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { eventsOf } from '../support/log.ts';
import { createMutations } from '../support/mutations.ts';
import { createOrganization, openConversation, type TestOrganization } from '../support/organization.ts';

// References to deleted directory entries.

let gateway: Gateway;
let organization: TestOrganization;

beforeAll(async () => {
  gateway = await startGateway();
});

beforeEach(async () => {
  organization = await createOrganization(gateway);
});

const events = () => eventsOf(gateway, { organizationId: organization.id });
const run = (mutation: string, input: object) =>
  mutateDirectory(gateway, organization.admin, { mutation, input });
const makeOne = (kind: DirectoryKind) => createEntry(gateway, organization.admin, kind);

describe('a website’s channel', () => {
  test('must exist and not be deleted', async () => {
    const { channel } = organization;
    const stranger = await createOrganization(gateway);
    const website = { name: 'Shop', url: 'https://shop.example' };
    const made = await run('createWebsite', { ...website, defaultChannelId: channel.id });
    expect((await events())[0]?.changes).toContainEqual({
      field: 'defaultChannel',
      before: null,
      after: channel.id,
    });
    await run('deleteChannel', { channelId: channel.id });
    for (const defaultChannelId of [channel.id, stranger.channel.id, 'nonsense']) {
      for (const [mutation, input] of [
        ['createWebsite', { ...website, defaultChannelId }],
        ['updateWebsite', { websiteId: made.result.id, defaultChannelId }],
      ] as const) {
        expect((await run(mutation, input)).result).toMatchObject({
          __typename: 'NotFoundError',
          message: expect.stringContaining(`channel for input.defaultChannelId "${defaultChannelId}"`),
        });
      }
    }
    await run('updateWebsite', { websiteId: made.result.id, defaultChannelId: null });
    expect((await events()).at(-1)?.changes[1]).toEqual({
      field: 'defaultChannel',
      before: channel.id,
      after: null,
    });
  });
});

test('a deleted entry is rejected for new conversations, and remains in existing ones', async () => {
  const { agent, bot, channel, contact } = organization;
  const changes = createMutations(gateway);
  const ids: Record<string, string> = { channelId: channel.id, botId: bot.id };
  for (const kind of DIRECTORY_KINDS.filter(({ name }) =>
    ['Website', 'Audience', 'BusinessUnit'].includes(name),
  )) {
    ids[idField(kind)] = await makeOne(kind);
  }
  await run('updateWebsite', { websiteId: ids.websiteId, defaultChannelId: channel.id });
  const conversationId = await openConversation(gateway, organization, ids);
  const spare = (await run('createChannel', { name: 'Spare', channelType: 'WEB' })).result.id;

  for (const kind of DIRECTORY_KINDS.filter(({ name }) => name !== 'User')) {
    await run(`delete${kind.name}`, { [idField(kind)]: ids[idField(kind)] });
  }
  for (const [field, id] of Object.entries(ids)) {
    const { refusal: refused } = await changes.create(agent, {
      channelId: spare,
      contactId: contact.id,
      [field]: id,
    });
    expect(refused).toMatchObject({
      __typename: 'NotFoundError',
      message: expect.stringContaining(`for input.${field} "${id}"`),
    });
  }
  const query = `{ conversation(id: "${conversationId}") { channel { id removedAt } bot { id } website { id } audience { id } businessUnit { id } } }`;
  for (const person of [agent, contact]) {
    const { data } = await gateway.ask(person, query);
    expect(data.conversation).toEqual({
      channel: { id: ids.channelId, removedAt: person === agent ? expect.any(String) : null },
      bot: { id: ids.botId },
      website: { id: ids.websiteId },
      audience: { id: ids.audienceId },
      businessUnit: { id: ids.businessUnitId },
    });
  }
});

test('a website whose channel was deleted has no default channel', async () => {
  const { agent, channel, contact } = organization;
  const website = { name: 'Shop', url: 'https://shop.example', defaultChannelId: channel.id };
  const websiteId = (await run('createWebsite', website)).result.id;
  await run('deleteChannel', { channelId: channel.id });
  const { refusal: refused } = await createMutations(gateway).create(agent, {
    websiteId,
    contactId: contact.id,
  });
  expect(refused?.issues).toMatchObject([{ code: 'REQUIRED', path: ['input', 'channelId'] }]);
});
