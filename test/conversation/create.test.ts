import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newId } from '../../src/ids.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { cursorAt, eventsOf } from '../support/log.ts';
import { createMutations, type Mutations, requireResult } from '../support/mutations.ts';
import { createOrganization, type TestOrganization } from '../support/organization.ts';

let gateway: Gateway;
let changes: Mutations;
let organization: TestOrganization;
let basics: { channelId: string; contactId: string };

beforeAll(async () => {
  gateway = await startGateway();
  changes = createMutations(gateway);
});

beforeEach(async () => {
  organization = await createOrganization(gateway);
  basics = { channelId: organization.channel.id, contactId: organization.contact.id };
});

const log = () => eventsOf(gateway, { organizationId: organization.id });
const contactsOf = (where: object) =>
  gateway.db.reads.contact.findMany({ where: { organizationId: organization.id, ...where } });

describe('createConversation', () => {
  test('creates an OPEN conversation with number, publicId, uuid and the name of the contact', async () => {
    const { result: first } = await changes.create(organization.agent, basics);
    const { result: second } = await changes.create(organization.agent, basics);
    expect(first).toMatchObject({
      number: 1,
      name: 'Dora',
      status: 'OPEN',
      version: 1,
      contact: { id: organization.contact.id },
      owner: null,
      members: [],
      lastSeq: 0,
      waitingSince: null,
      handledBy: 'TEAM',
    });
    expect(first?.publicId).toBe(first?.id);
    expect(first?.uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/);
    expect(second).toMatchObject({ number: 2 });
    expect(second?.uuid).not.toBe(first?.uuid);
  });

  test('the conversation is found by id, publicId and number in its organization only', async () => {
    const { id, publicId, number } = requireResult(await changes.create(organization.agent, basics));
    const query = `query ($id: ID!, $publicId: String!, $number: Int!) {
      conversation(id: $id) { id } conversationByPublicId(publicId: $publicId) { id } conversationByNumber(number: $number) { id } }`;
    const variables = { id, publicId, number };
    const found = await gateway.ask(organization.agent, query, variables);
    expect(found.data).toEqual({
      conversation: { id },
      conversationByPublicId: { id },
      conversationByNumber: { id },
    });
    const stranger = (await createOrganization(gateway)).agent;
    const none = { conversation: null, conversationByPublicId: null, conversationByNumber: null };
    expect((await gateway.ask(stranger, query, variables)).data).toEqual(none);
  });

  test('initiatedBy defaults to the kind of viewer', async () => {
    const { agent, contact, bot, channel } = organization;
    expect(requireResult(await changes.create(agent, basics)).initiatedBy).toBe('AGENT');
    expect(requireResult(await changes.create(bot, basics)).initiatedBy).toBe('BOT');
    expect(requireResult(await changes.create(contact, { channelId: channel.id })).initiatedBy).toBe(
      'CONTACT',
    );
    expect(requireResult(await changes.create(agent, { ...basics, initiatedBy: 'SYSTEM' })).initiatedBy).toBe(
      'SYSTEM',
    );
  });

  test('logs one public event at the position of the returned cursor', async () => {
    const { result: conversation, cursor } = await changes.create(organization.agent, basics);
    expect(await log()).toMatchObject([
      {
        type: 'CREATED',
        position: 1,
        actorId: organization.agent.id,
        conversationId: conversation?.id,
        isPublic: true,
      },
    ]);
    expect(cursor).toBe(await cursorAt(gateway, organization.id, 1));
  });

  test('sets handledBy to BOT when a bot is given', async () => {
    const { result: conversation } = await changes.create(organization.agent, {
      ...basics,
      botId: organization.bot.id,
    });
    expect(conversation).toMatchObject({ bot: { id: organization.bot.id }, handledBy: 'BOT' });
  });

  test('stores all given fields', async () => {
    const input = {
      ...basics,
      name: 'Order 7',
      detail: 'Late',
      reference: { type: 'LINE', target: 'U1234' },
      source: {
        type: 'TEL',
        target: '+14155550100',
        targetName: 'Main line',
        name: 'Desk',
        detail: 'Floor 2',
      },
      participants: [
        { type: 'EMAIL', target: 'a@example.org' },
        { type: 'TEL', target: '+14155550101', name: 'Dora' },
      ],
      answers: [
        { questionId: 'q1', internalLabel: 'Size', question: 'How many?', value: '7' },
        { question: 'When?' },
      ],
      bookings: ['BKG-1', 'BKG-2'],
      labels: ['late', 'vip'],
      customAttributes: { order: { id: 7 } },
    };
    const { id } = requireResult(await changes.create(organization.agent, input));
    const query = `query ($id: ID!) { conversation(id: $id) { name detail reference { type target } source { type target targetName name detail }
      participants { type target name } answers { questionId internalLabel question value } bookings labels customAttributes } }`;
    const { data } = await gateway.ask(organization.agent, query, { id });
    const { channelId, contactId, ...kept } = input;
    expect(data.conversation).toEqual({
      ...kept,
      participants: [{ type: 'EMAIL', target: 'a@example.org', name: null }, input.participants[1]],
      answers: [input.answers[0], { questionId: null, internalLabel: null, question: 'When?', value: null }],
    });
  });

  test('a first message is written in the same transaction, with its own event', async () => {
    const { result: conversation, cursor } = await changes.create(organization.contact, {
      channelId: organization.channel.id,
      firstMessage: { content: 'Hello?' },
    });
    expect(conversation).toMatchObject({ lastSeq: 1, waitingSince: conversation?.lastInteractedAt });
    expect((await log()).map(({ type, position }) => [type, position])).toEqual([
      ['CREATED', 1],
      ['MESSAGE_ADDED', 2],
    ]);
    expect(cursor).toBe(await cursorAt(gateway, organization.id, 2));
  });

  test('uses the default channel of the website, unless the channel was removed', async () => {
    const website = await gateway.db.writes.website.create({
      data: {
        id: newId('Website'),
        organizationId: organization.id,
        name: 'Shop',
        url: 'https://shop.example',
        defaultChannelId: basics.channelId,
      },
    });
    const { id } = requireResult(
      await changes.create(organization.agent, { contactId: basics.contactId, websiteId: website.id }),
    );
    const query = 'query ($id: ID!) { conversation(id: $id) { channel { id } website { id } } }';
    const { data } = await gateway.ask(organization.agent, query, { id });
    expect(data.conversation).toEqual({ channel: { id: basics.channelId }, website: { id: website.id } });

    const { channel } = organization;
    await gateway.db.writes.channel.update({ where: { id: channel.id }, data: { removedAt: new Date() } });
    const { refusal } = await changes.create(organization.agent, {
      contactId: basics.contactId,
      websiteId: website.id,
    });
    expect(refusal?.issues).toEqual([{ code: 'REQUIRED', path: ['input', 'channelId'] }]);
  });
});

describe('contact of createConversation', () => {
  const withContact = (contact: object) =>
    changes.create(organization.agent, { channelId: basics.channelId, contact });

  for (const [key, value] of Object.entries({
    email: 'fay@example.org',
    phoneNumber: '+14155550123',
    identifier: 'K-7',
  })) {
    test(`is found by ${key}, or created`, async () => {
      const made = requireResult(await withContact({ name: 'Fay', [key]: value }));
      expect((await log()).map(({ type, contactId }) => [type, contactId])).toEqual([
        ['CONTACT_CHANGED', made.contact.id],
        ['CREATED', made.contact.id],
      ]);
      const found = requireResult(await withContact({ name: 'Somebody', [key]: value }));
      expect(found.contact).toEqual(made.contact);
      expect(await contactsOf({ [key]: value })).toMatchObject([{ name: 'Fay' }]);
    });
  }

  test('gets its key as name when no name is given', async () => {
    const { contact } = requireResult(await withContact({ name: ' ', email: 'fay@example.org' }));
    expect(await contactsOf({ id: contact.id })).toMatchObject([{ name: 'fay@example.org' }]);
  });

  test('email lookup ignores case', async () => {
    const { contact } = requireResult(await withContact({ email: 'Fay@Example.org' }));
    expect(requireResult(await withContact({ email: 'fay@example.ORG' })).contact).toEqual(contact);
  });

  test('contacts without a key are never matched', async () => {
    for (const contact of [
      { name: 'Fay', identifier: '' },
      { name: 'Gil', identifier: '' },
      { name: 'Hal', identifier: ' ' },
    ]) {
      const {
        contact: { id },
      } = requireResult(await withContact(contact));
      expect(await contactsOf({ id })).toMatchObject([{ name: contact.name, identifier: null }]);
    }
  });

  test('concurrent requests create one contact', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => withContact({ email: 'fay@example.org' })),
    );
    const ids = new Set(answers.map((answer) => requireResult(answer).contact.id));
    expect(ids.size).toBe(1);
    expect(await contactsOf({ email: 'fay@example.org' })).toHaveLength(1);
    expect((await log()).filter(({ type }) => type === 'CONTACT_CHANGED')).toHaveLength(1);
  });

  test('keys of two contacts return ContactConflictError', async () => {
    await withContact({ email: 'fay@example.org' });
    await withContact({ phoneNumber: '+14155550123' });
    const { refusal } = await withContact({ email: 'fay@example.org', phoneNumber: '+14155550123' });
    expect(refusal?.__typename).toBe('ContactConflictError');
    expect(await log()).toHaveLength(4);
  });

  test('is the viewer when the viewer is a contact, who can not give another', async () => {
    const { contact, otherContact, channel } = organization;
    expect(requireResult(await changes.create(contact, { channelId: channel.id })).contact).toEqual({
      id: contact.id,
    });
    for (const input of [{ contactId: otherContact.id }, { contact: { email: 'fay@example.org' } }]) {
      const { refusal } = await changes.create(contact, { channelId: channel.id, ...input });
      expect(refusal).toMatchObject({ __typename: 'InvalidInputError', issues: [{ code: 'NOT_ALLOWED' }] });
    }
    expect(await log()).toHaveLength(1);
  });
});

describe('references of createConversation', () => {
  test('to another organization return NotFoundError, and nothing is created', async () => {
    const stranger = await createOrganization(gateway);
    const website = await gateway.db.writes.website.create({
      data: { id: newId('Website'), organizationId: stranger.id, name: 'Shop', url: 'https://shop.example' },
    });
    const audience = await gateway.db.writes.audience.create({
      data: { id: newId('Audience'), organizationId: stranger.id, name: 'All' },
    });
    const unit = await gateway.db.writes.businessUnit.create({
      data: { id: newId('BusinessUnit'), organizationId: stranger.id, name: 'Sales' },
    });
    const foreign = {
      channelId: stranger.channel.id,
      contactId: stranger.contact.id,
      botId: stranger.bot.id,
      websiteId: website.id,
      audienceId: audience.id,
      businessUnitId: unit.id,
    };
    for (const [field, id] of Object.entries(foreign)) {
      const { refusal } = await changes.create(organization.agent, { ...basics, [field]: id });
      expect(refusal).toMatchObject({
        __typename: 'NotFoundError',
        message: expect.stringContaining(`for input.${field} "${id}"`),
      });
    }
    expect(await log()).toEqual([]);
  });
});
