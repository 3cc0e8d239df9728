import { randomBytes } from 'node:crypto';
import { CURSOR_KEY_BYTES, EPOCH_BYTES } from '../../src/feed/cursor.ts';
import { newId } from '../../src/ids.ts';
import type { Gateway } from './gateway.ts';

export type TestOrganization = Awaited<ReturnType<typeof createOrganization>>;

/** Creates an organization for a test: an agent, a colleague, an administrator, a bot, two contacts, and a channel with its website. */
export async function createOrganization({ db }: Pick<Gateway, 'db'>) {
  const prisma = db.writes;
  const organizationId = newId('Organization');
  await prisma.organization.create({
    data: {
      id: organizationId,
      name: 'Test',
      feed: { create: { epoch: randomBytes(EPOCH_BYTES), cursorKey: randomBytes(CURSOR_KEY_BYTES) } },
    },
  });
  const user = (name: string, role: 'AGENT' | 'ADMIN') =>
    prisma.user.create({
      data: {
        id: newId('User'),
        organizationId,
        name,
        displayName: name,
        email: `${name.toLowerCase()}@example.com`,
        role,
      },
    });
  const contact = (name: string) =>
    prisma.contact.create({
      data: {
        id: newId('Contact'),
        organizationId,
        name,
        email: `${name.toLowerCase()}@example.org`,
        labels: ['vip'],
        customAttributes: { plan: 'gold' },
        description: 'likes tea',
      },
    });
  const channel = await prisma.channel.create({
    data: { id: newId('Channel'), organizationId, name: 'Web chat', channelType: 'WEB' },
  });
  const site = { name: 'Site', url: 'https://site.example/', defaultChannelId: channel.id };
  return {
    id: organizationId,
    agent: await user('Ana', 'AGENT'),
    colleague: await user('Ben', 'AGENT'),
    admin: await user('Cleo', 'ADMIN'),
    bot: await prisma.bot.create({ data: { id: newId('Bot'), organizationId, name: 'Robo' } }),
    contact: await contact('Dora'),
    otherContact: await contact('Emil'),
    channel,
    website: await prisma.website.create({ data: { id: newId('Website'), organizationId, ...site } }),
  };
}

/** Opens a conversation of the organization's contact through the API and returns its id. */
export async function openConversation(
  gateway: Gateway,
  organization: TestOrganization,
  input: object = {},
): Promise<string> {
  const answer = await gateway.ask(
    organization.agent,
    `mutation ($input: CreateConversationInput!) {
      createConversation(input: $input) { ... on Conversation { id } ... on UserError { message } }
    }`,
    { input: { channelId: organization.channel.id, contactId: organization.contact.id, ...input } },
  );
  const id = answer.data?.createConversation?.id;
  if (typeof id !== 'string') throw new Error(`no conversation was made: ${JSON.stringify(answer)}`);
  return id;
}
