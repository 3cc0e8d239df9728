import { newId } from '../../src/ids.ts';
import type { Gateway } from './gateway.ts';
import { createMutations, type Person, requireResult } from './mutations.ts';
import { createOrganization, openConversation, type TestOrganization } from './organization.ts';

// An input for every mutation that changes something, in a fresh organization.

export interface Scene {
  gateway: Gateway;
  organization: TestOrganization;
  conversationId: string;
}

export interface Example {
  person: Person;
  input: object;
}

export async function setScene(gateway: Gateway): Promise<Scene> {
  const organization = await createOrganization(gateway);
  return { gateway, organization, conversationId: await openConversation(gateway, organization) };
}

type Kind = 'agent' | 'admin' | 'contact' | 'bot';
type Input = (scene: Scene) => object | Promise<object>;

/** Example by this kind of viewer with this input. */
function by(kind: Kind, input: Input) {
  return async (scene: Scene): Promise<Example> => ({
    person: scene.organization[kind],
    input: await input(scene),
  });
}

/** Example on the scene's conversation, with more input fields. */
function inConversation(kind: Kind, input: (organization: TestOrganization) => object = () => ({})) {
  return by(kind, ({ conversationId, organization }) => ({ conversationId, ...input(organization) }));
}

const send = async ({ gateway, organization, conversationId }: Scene, input: object) =>
  requireResult(
    await createMutations(gateway).send(organization.agent, { conversationId, content: 'Hello', ...input }),
  ).id;

/** Example on a message of the agent. */
function ofMessage(input: object = {}) {
  return by('agent', async (scene) => ({ messageId: await send(scene, {}), ...input }));
}

type Setting = 'website' | 'audience' | 'businessUnit';
const SETTING_TYPE = { website: 'Website', audience: 'Audience', businessUnit: 'BusinessUnit' } as const;

/** Example on a directory entry that is created first. */
function ofSetting(setting: Setting, input: object = {}) {
  return by('admin', async ({ gateway: { db }, organization }) => {
    const id = newId(SETTING_TYPE[setting]);
    const data = { id, organizationId: organization.id, name: 'Old' };
    if (setting === 'website')
      await db.writes.website.create({ data: { ...data, url: 'https://old.example' } });
    if (setting === 'audience') await db.writes.audience.create({ data });
    if (setting === 'businessUnit') await db.writes.businessUnit.create({ data });
    return { [`${setting}Id`]: id, ...input };
  });
}

const joined = async ({ gateway, organization, conversationId }: Scene) => {
  const userId = organization.agent.id;
  requireResult(await createMutations(gateway).assign(organization.admin, { conversationId, userId }));
  return { conversationId };
};

const FORM = {
  contentType: 'FORM',
  contentAttributes: { items: [{ name: 'size', label: 'Size', type: 'text' }] },
};

export const EXAMPLES: Record<string, (scene: Scene) => Promise<Example>> = {
  addConversationMember: inConversation('agent', ({ colleague }) => ({ userId: colleague.id })),
  assignConversation: inConversation('agent', ({ colleague }) => ({ userId: colleague.id })),
  claimConversation: inConversation('agent'),
  createAudience: by('admin', () => ({ name: 'New' })),
  createBot: by('admin', () => ({ name: 'New' })),
  createBusinessUnit: by('admin', () => ({ name: 'New' })),
  createChannel: by('admin', () => ({ name: 'New', channelType: 'WEB' })),
  createConversation: by('agent', ({ organization: { channel } }) => ({
    channelId: channel.id,
    contact: { email: 'new@example.org' },
    firstMessage: { content: 'Hello' },
  })),
  createUser: by('admin', () => ({ name: 'New', email: 'new@example.com' })),
  createWebsite: by('admin', () => ({ name: 'New', url: 'https://new.example' })),
  deleteAudience: ofSetting('audience'),
  deleteBot: by('admin', ({ organization: { bot } }) => ({ botId: bot.id })),
  deleteBusinessUnit: ofSetting('businessUnit'),
  deleteChannel: by('admin', ({ organization: { channel } }) => ({ channelId: channel.id })),
  deleteConversation: inConversation('agent'),
  deleteMessage: ofMessage(),
  deleteUser: by('admin', ({ organization: { colleague } }) => ({ userId: colleague.id })),
  deleteWebsite: ofSetting('website'),
  handOverConversation: inConversation('bot', ({ agent }) => ({ to: agent.id, note: 'Please take over.' })),
  joinConversation: inConversation('agent'),
  leaveConversation: by('agent', joined),
  markConversationRead: by('contact', async (scene) => {
    await send(scene, {});
    return { conversationId: scene.conversationId };
  }),
  recordAnswers: inConversation('bot', () => ({ answers: [{ question: 'Where from?', value: 'Rome' }] })),
  removeConversationMember: by('agent', async (scene) => ({
    ...(await joined(scene)),
    userId: scene.organization.agent.id,
  })),
  renameConversation: inConversation('agent', () => ({ name: 'New' })),
  restoreConversation: by('agent', async ({ gateway, conversationId }) => {
    await gateway.db.writes.conversation.update({
      where: { id: conversationId },
      data: { deletedAt: new Date() },
    });
    return { conversationId };
  }),
  sendMessage: inConversation('contact', () => ({ content: 'Hello' })),
  setAvailability: by('agent', () => ({ availability: 'BUSY' })),
  setContactBlocked: by('agent', ({ organization: { contact } }) => ({
    contactId: contact.id,
    blocked: true,
  })),
  setConversationLabels: inConversation('agent', () => ({ add: ['new'] })),
  setConversationPriority: inConversation('agent', () => ({ priority: 'HIGH' })),
  setConversationStatus: inConversation('contact', () => ({ status: 'RESOLVED' })),
  startVideoCall: inConversation('agent'),
  submitMessageForm: by('contact', async (scene) => ({
    messageId: await send(scene, FORM),
    values: [{ name: 'size', value: 'large' }],
  })),
  updateAudience: ofSetting('audience', { name: 'New' }),
  updateBot: by('admin', ({ organization: { bot } }) => ({ botId: bot.id, name: 'New' })),
  updateBusinessUnit: ofSetting('businessUnit', { name: 'New' }),
  updateChannel: by('admin', ({ organization: { channel } }) => ({ channelId: channel.id, name: 'New' })),
  updateContact: by('agent', ({ organization: { contact } }) => ({ contactId: contact.id, name: 'New' })),
  updateConversation: inConversation('agent', () => ({ detail: 'New', addBookings: ['B-1'] })),
  updateConversations: by('agent', async ({ gateway, organization, conversationId }) => ({
    conversationIds: [conversationId, await openConversation(gateway, organization)],
    status: 'PENDING',
    addLabels: ['new'],
  })),
  updateMessage: ofMessage({ content: 'New' }),
  updateUser: by('admin', ({ organization: { colleague } }) => ({
    userId: colleague.id,
    displayName: 'New',
  })),
  updateWebsite: ofSetting('website', { name: 'New' }),
  upsertContact: by('agent', () => ({ key: { email: 'new@example.org' }, name: 'New' })),
};
