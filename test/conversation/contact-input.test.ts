import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newId } from '../../src/ids.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { inputPlaces, leastOf } from '../support/input-places.ts';
import { mutate } from '../support/mutate.ts';
import type { Person } from '../support/mutations.ts';
import { createOrganization, openConversation, type TestOrganization } from '../support/organization.ts';

// Input of a contact who opens a conversation or sends a message: what they may name and write.

let gateway: Gateway;
let organization: TestOrganization;
let other: TestOrganization;

beforeAll(async () => {
  gateway = await startGateway();
});

beforeEach(async () => {
  organization = await createOrganization(gateway);
  other = await createOrganization(gateway);
});

const SELECTED = {
  createConversation: '... on Conversation { id channel { id } website { id } }',
  sendMessage: '... on MessageSent { sent { id contentType } }',
};

const run = async (mutation: keyof typeof SELECTED, input: object, person: Person = organization.contact) =>
  (await mutate(gateway, person, { mutation, input, selected: SELECTED[mutation] })).result;
const create = (input: object) => run('createConversation', input);

async function addWebsite(
  channelId: string | null,
  { removedAt = null, of = organization }: { removedAt?: Date | null; of?: TestOrganization } = {},
) {
  const id = newId('Website');
  const data = { id, organizationId: of.id, name: 'Shop', url: 'https://shop.example/' };
  await gateway.db.writes.website.create({ data: { ...data, defaultChannelId: channelId, removedAt } });
  return id;
}

async function addChannel(of = organization) {
  const id = newId('Channel');
  const data = { id, organizationId: of.id, name: 'Internal', channelType: 'EMAIL' as const };
  await gateway.db.writes.channel.create({ data });
  return id;
}

describe('a contact opens a conversation', () => {
  test('on a website, with its channel, which they may name as well', async () => {
    const channelId = await addChannel();
    const websiteId = await addWebsite(channelId);
    for (const input of [{ websiteId }, { websiteId, channelId }, { channelId }]) {
      expect(await create(input)).toMatchObject({ channel: { id: channelId } });
    }
  });

  test('on the channel of a conversation that they have', async () => {
    const channelId = await addChannel();
    await openConversation(gateway, organization, { channelId });
    expect(await create({ channelId })).toMatchObject({ channel: { id: channelId } });
  });

  test('on no other channel, and the answer does not tell whether it exists', async () => {
    const internal = await addChannel();
    const ofOther = await addChannel();
    const ofRemoved = await addChannel();
    const foreign = await addChannel(other);
    const websiteId = await addWebsite(await addChannel());
    await addWebsite(ofOther);
    await addWebsite(ofRemoved, { removedAt: new Date() });
    await addWebsite(foreign, { of: other });
    const refused = async (input: { channelId: string; websiteId?: string }) => {
      const { __typename, message } = await create(input);
      return [__typename, message.replace(input.channelId, 'ID')];
    };
    const unknown = await refused({ channelId: newId('Channel') });
    expect(unknown[0]).toBe('NotFoundError');
    for (const channelId of [internal, ofRemoved, foreign])
      expect(await refused({ channelId })).toEqual(unknown);
    // The channel of one website, on another.
    expect(await refused({ channelId: ofOther, websiteId })).toEqual(unknown);
    expect((await create({ channelId: ofOther })).__typename).toBe('Conversation');
  });

  test('on no website of another organization, and on none that was removed', async () => {
    for (const websiteId of [
      newId('Website'),
      await addWebsite(null, { removedAt: new Date() }),
      await addWebsite(null, { of: other }),
    ]) {
      expect((await create({ websiteId })).__typename).toBe('NotFoundError');
    }
  });

  const ALLOWED = ['channelId', 'websiteId', 'name', 'detail', 'firstMessage', 'idempotencyKey'];
  const FIELDS = inputPlaces().filter(
    ({ mutation, path }) =>
      mutation === 'createConversation' && path.length === 1 && !ALLOWED.includes(path[0] ?? ''),
  );

  test.each(FIELDS.map((place) => [place.path[0] ?? '', place] as const))(
    'without %s: it is NOT_ALLOWED, whether or not it names something',
    async (field, { type }) => {
      const websiteId = await addWebsite(organization.channel.id);
      const { bot } = organization;
      for (const value of [leastOf(type), ...(field === 'botId' ? [bot.id] : [])]) {
        expect(await create({ websiteId, [field]: value })).toMatchObject({
          __typename: 'InvalidInputError',
          issues: [{ code: 'NOT_ALLOWED', path: ['input', field] }],
        });
      }
    },
  );
});

describe('a contact writes text and attachments', () => {
  const CARDS = { items: [{ title: 'x', actions: [{ type: 'link', uri: 'javascript:alert(1)' }] }] };
  const REFUSED: [string, object, string[]][] = [
    ['cards', { contentType: 'CARDS', contentAttributes: CARDS }, ['contentType', 'contentAttributes']],
    ['a form', { contentType: 'FORM' }, ['contentType']],
    ['a video call', { content: 'x', contentType: 'VIDEO_CALL' }, ['contentType']],
    ['contentAttributes of a text', { content: 'x', contentAttributes: {} }, ['contentAttributes']],
  ];

  test.each(REFUSED)('not %s', async (_name, content, fields) => {
    const conversationId = await openConversation(gateway, organization);
    const refusals = ({ issues }: { issues: { code: string }[] }) =>
      issues.filter(({ code }) => code === 'NOT_ALLOWED');
    const sent = await run('sendMessage', { conversationId, ...content });
    const codes = (prefix: string[]) =>
      fields.map((field) => ({ code: 'NOT_ALLOWED', path: [...prefix, field] }));
    expect(refusals(sent)).toMatchObject(codes(['input']));
    const opened = await create({ channelId: organization.channel.id, firstMessage: content });
    expect(refusals(opened)).toMatchObject(codes(['input', 'firstMessage']));
  });

  test('TEXT may be named', async () => {
    const conversationId = await openConversation(gateway, organization);
    const input = {
      conversationId,
      contentType: 'TEXT',
      attachments: [{ fileType: 'FILE', dataUrl: 'https://files.example/a.pdf' }],
    };
    expect(await run('sendMessage', input)).toMatchObject({ sent: { contentType: 'TEXT' } });
  });

  test('nobody writes a link that runs', async () => {
    const conversationId = await openConversation(gateway, organization);
    const meta = { preview: 'javascript:alert(1)' };
    const attachments = [{ fileType: 'FILE', meta }];
    for (const person of [organization.contact, organization.agent]) {
      expect(await run('sendMessage', { conversationId, attachments }, person)).toMatchObject({
        issues: [{ code: 'NOT_A_URL', path: ['input', 'attachments', '0', 'meta'] }],
      });
    }
    for (const person of [organization.bot, organization.agent]) {
      const cards = { conversationId, contentType: 'CARDS', contentAttributes: CARDS };
      expect(await run('sendMessage', cards, person)).toMatchObject({
        issues: [{ code: 'NOT_A_URL', path: ['input', 'contentAttributes'] }],
      });
    }
  });
});
