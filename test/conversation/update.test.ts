import { describe, expect, test } from 'vitest';
import { type NodeType, newId } from '../../src/ids.ts';
import {
  createMutate,
  expectChanged,
  expectForbidden,
  expectRefused,
} from '../support/conversation-mutations.ts';
import { useConversation } from '../support/conversation-scene.ts';
import { createOrganization } from '../support/organization.ts';

const scene = useConversation();

const update = (input: object) => scene.mutate('updateConversation', scene.organization.agent, input);
const state = () => scene.read(scene.organization.agent);

/** One object of each type that a conversation can reference. */
async function createReferences(organizationId: string) {
  const { writes } = scene.gateway.db;
  const row = (type: NodeType) => ({ id: newId(type), organizationId, name: type });
  return {
    channelId: (await writes.channel.create({ data: { ...row('Channel'), channelType: 'EMAIL' } })).id,
    botId: (await writes.bot.create({ data: row('Bot') })).id,
    websiteId: (await writes.website.create({ data: { ...row('Website'), url: 'https://example.com' } })).id,
    audienceId: (await writes.audience.create({ data: row('Audience') })).id,
    businessUnitId: (await writes.businessUnit.create({ data: row('BusinessUnit') })).id,
  };
}

describe('updateConversation', () => {
  test('sets all given fields in one event and increments version once', async () => {
    const references = await createReferences(scene.organization.id);
    const after = await expectChanged(
      update({ ...references, name: 'New', detail: 'More', addBookings: ['b1'], customAttributes: { a: 1 } }),
    );
    expect(after).toMatchObject({
      name: 'New',
      detail: 'More',
      channel: { id: references.channelId },
      bot: { id: references.botId },
      website: { id: references.websiteId },
      audience: { id: references.audienceId },
      businessUnit: { id: references.businessUnitId },
      bookings: ['b1'],
      customAttributes: { a: 1 },
      handledBy: 'TEAM',
      version: 2,
    });
    expect(await scene.events()).toHaveLength(2);
    const { changes = [], ...event } = (await scene.lastEvent()) ?? {};
    expect(event).toMatchObject({ type: 'UPDATED', actorId: scene.organization.agent.id, isPublic: true });
    expect([...changes].sort((one, other) => one.field.localeCompare(other.field))).toEqual([
      { field: 'audience', before: null, after: references.audienceId },
      { field: 'bookings', before: [], after: ['b1'] },
      { field: 'bot', before: null, after: references.botId },
      { field: 'businessUnit', before: null, after: references.businessUnitId },
      { field: 'channel', before: scene.organization.channel.id, after: references.channelId },
      { field: 'customAttributes.a', before: null, after: 1 },
      { field: 'detail', before: null, after: 'More' },
      { field: 'name', before: 'Dora', after: 'New' },
      { field: 'website', before: null, after: references.websiteId },
    ]);
  });

  test('logs RENAMED when only name and detail change', async () => {
    await expectChanged(update({ name: 'New', detail: 'More', customAttributes: {} }));
    expect(await scene.lastEvent()).toMatchObject({
      type: 'RENAMED',
      changes: [
        { field: 'name', before: 'Dora', after: 'New' },
        { field: 'detail', before: null, after: 'More' },
      ],
    });
  });

  test('keeps omitted fields and clears null fields', async () => {
    const { channelId, ...references } = await createReferences(scene.organization.id);
    const before = await expectChanged(update({ ...references, channelId, detail: 'More' }));
    expect(await expectChanged(update({ name: 'Other' }))).toEqual({
      ...before,
      name: 'Other',
      version: 3,
      updatedAt: expect.any(String),
    });
    const nothing = Object.fromEntries(Object.keys(references).map((field) => [field, null]));
    expect(await expectChanged(update({ ...nothing, detail: null }))).toMatchObject({
      detail: null,
      bot: null,
      website: null,
      audience: null,
      businessUnit: null,
      channel: { id: channelId },
    });
  });

  test('sets handledBy to TEAM when it clears the bot', async () => {
    await scene.open({ botId: scene.organization.bot.id });
    expect(await state()).toMatchObject({ handledBy: 'BOT' });
    expect(await expectChanged(update({ botId: null }))).toMatchObject({ bot: null, handledBy: 'TEAM' });
    expect((await scene.lastEvent())?.changes).toEqual([
      { field: 'bot', before: scene.organization.bot.id, after: null },
      { field: 'handledBy', before: 'BOT', after: 'TEAM' },
    ]);
  });

  test('creates no version and no event when nothing changes', async () => {
    const input = {
      name: 'Same',
      addBookings: ['b'],
      customAttributes: { list: [{ a: null }], deep: { b: 1 } },
    };
    const before = await expectChanged(update(input));
    for (const same of [
      {},
      input,
      { removeBookings: ['c'] },
      { customAttributes: { none: null, deep: {} } },
    ]) {
      expect(await expectChanged(update(same))).toEqual(before);
    }
    expect(await scene.events()).toHaveLength(2);
    const literal = `mutation { updateConversation(input: { conversationId: "${scene.conversationId}",
      customAttributes: { list: [{ a: null }], deep: { b: 1 } } }) { ... on Conversation { version } } }`;
    const { data } = await scene.gateway.ask(scene.organization.agent, literal);
    expect(data.updateConversation).toEqual({ version: 2 });
  });

  test('returns VersionConflictError for an outdated expectedVersion', async () => {
    await expectChanged(update({ name: 'Theirs' }));
    const ask = () => update({ name: 'Mine', expectedVersion: 1 });
    expect(await expectRefused(scene.gateway, scene.organization.agent, ask)).toMatchObject({
      __typename: 'VersionConflictError',
      conversation: { name: 'Theirs', version: 2 },
    });
    expect(await expectChanged(update({ name: 'Mine', expectedVersion: 2 }))).toMatchObject({ name: 'Mine' });
  });

  test.each([
    [{ name: null }, 'name', 'REQUIRED'],
    [{ name: ' ' }, 'name', 'REQUIRED'],
    [{ name: 'x'.repeat(256) }, 'name', 'TOO_LONG'],
    [{ detail: 'x'.repeat(5001) }, 'detail', 'TOO_LONG'],
    [{ channelId: null }, 'channelId', 'REQUIRED'],
    [{ customAttributes: [1] }, 'customAttributes', 'NOT_AN_OBJECT'],
    [{ customAttributes: 'text' }, 'customAttributes', 'NOT_AN_OBJECT'],
    [{ customAttributes: { a: 'x'.repeat(65_536) } }, 'customAttributes', 'TOO_LONG'],
    [{ addBookings: [' '] }, 'addBookings.0', 'REQUIRED'],
    [{ addBookings: ['x'.repeat(256)] }, 'addBookings.0', 'TOO_LONG'],
    [{ addBookings: Array(101).fill('b') }, 'addBookings', 'TOO_MANY'],
    [{ addBookings: ['b'], removeBookings: ['b'] }, 'removeBookings.0', 'CONTRADICTION'],
  ])('reports an invalid value at its field: %#', async (input, path, code) => {
    expect(await expectRefused(scene.gateway, scene.organization.agent, () => update(input))).toMatchObject({
      __typename: 'InvalidInputError',
      issues: [{ code, path: ['input', ...path.split('.')] }],
    });
  });

  test('returns the same NotFoundError for unknown, removed and foreign references and for other types', async () => {
    const removed = await createReferences(scene.organization.id);
    const { writes } = scene.gateway.db;
    const at = {
      where: { organizationId: scene.organization.id, name: { not: 'Web chat' } },
      data: { removedAt: new Date() },
    };
    await Promise.all([
      writes.channel.updateMany(at),
      writes.bot.updateMany(at),
      writes.website.updateMany(at),
      writes.audience.updateMany(at),
      writes.businessUnit.updateMany(at),
    ]);
    const foreign = await createReferences((await createOrganization(scene.gateway)).id);
    const words = {
      channelId: 'channel',
      botId: 'bot',
      websiteId: 'website',
      audienceId: 'audience',
      businessUnitId: 'business unit',
    };
    for (const [field, what] of Object.entries(words) as [keyof typeof words, string][]) {
      for (const id of [removed[field], foreign[field], scene.organization.contact.id, 'nonsense']) {
        const ask = () => update({ [field]: id, name: 'Not kept' });
        expect(await expectRefused(scene.gateway, scene.organization.agent, ask)).toEqual({
          __typename: 'NotFoundError',
          message: `There is no ${what} for input.${field} "${id}". Check the id; it may also have been removed, or you may not see it.`,
        });
      }
      const input = {
        channelId: scene.organization.channel.id,
        contactId: scene.organization.contact.id,
        [field]: removed[field],
      };
      const create = () => createMutate(scene.gateway)('createConversation', scene.organization.agent, input);
      expect(await expectRefused(scene.gateway, scene.organization.agent, create)).toMatchObject({
        __typename: 'NotFoundError',
        message: expect.stringContaining(`${what} for input.${field}`),
      });
    }
  });

  test('is allowed for users and bots of the same organization', async () => {
    const { contact, bot } = scene.organization;
    const stranger = (await createOrganization(scene.gateway)).agent;
    const ask = (person: { id: string; organizationId: string }) => () =>
      scene.mutate('updateConversation', person, { name: 'New' });
    expect(await expectForbidden(scene.gateway, contact, ask(contact))).toBe('FORBIDDEN');
    expect(await expectRefused(scene.gateway, stranger, ask(stranger))).toMatchObject({
      __typename: 'NotFoundError',
    });
    await expectChanged(ask(bot)());
  });
});

test('bookings are appended and removed, with a maximum of 100', async () => {
  await expectChanged(update({ addBookings: ['a', 'b'] }));
  expect(await expectChanged(update({ addBookings: ['c', 'a'], removeBookings: ['b'] }))).toMatchObject({
    bookings: ['a', 'c'],
  });
  expect(await scene.lastEvent()).toMatchObject({
    type: 'UPDATED',
    isPublic: true,
    changes: [{ field: 'bookings', before: ['a', 'b'], after: ['a', 'c'] }],
  });
  const many = Array.from({ length: 99 }, (_, index) => `${index}`);
  expect(
    await expectRefused(scene.gateway, scene.organization.agent, () => update({ addBookings: many })),
  ).toMatchObject({
    issues: [{ code: 'TOO_MANY', path: ['input', 'addBookings'] }],
  });
});
