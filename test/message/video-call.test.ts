import { decodeJwt } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createDatabase, type Database, type Gateway, startGateway, startNode } from '../support/gateway.ts';
import { eventsOf } from '../support/log.ts';
import {
  type CallState,
  createMutations,
  type Mutations,
  type Person,
  requireResult,
} from '../support/mutations.ts';
import { createOrganization, openConversation, type TestOrganization } from '../support/organization.ts';

const LIVEKIT = {
  LIVEKIT_URL: 'wss://lk.example.com',
  LIVEKIT_API_KEY: 'key',
  LIVEKIT_API_SECRET: 'secret',
};

let database: Database;
let gateway: Gateway;
let changes: Mutations;
let organization: TestOrganization;
let conversationId: string;

beforeAll(async () => {
  database = await createDatabase();
  gateway = await startNode(database, LIVEKIT);
  changes = createMutations(gateway);
});

afterAll(async () => {
  await gateway.stop();
  await database.drop();
});

beforeEach(async () => {
  organization = await createOrganization(gateway);
  conversationId = await openConversation(gateway, organization);
});

const start = (person: Person = organization.agent, input: object = {}) =>
  changes.startCall(person, { conversationId, ...input });
const log = () => eventsOf(gateway, { organizationId: organization.id, conversationId });

/** The token in the joinUrl of this viewer; null without a link. */
async function tokenOf(person: Person, id: string) {
  const { data, errors } = await gateway.ask(
    person,
    'query ($id: ID!) { node(id: $id) { ... on Message { joinUrl } } }',
    { id },
  );
  expect(errors).toBeUndefined();
  const { joinUrl } = data.node;
  return joinUrl === null ? null : decodeJwt(new URL(joinUrl).searchParams.get('token') ?? '');
}

function roomOf({ invitation }: CallState) {
  return invitation.contentAttributes.room;
}

test('startVideoCall creates an outgoing message with its own room, and a link for the viewer', async () => {
  const call = requireResult(await start());
  expect(call.invitation).toMatchObject({
    contentType: 'VIDEO_CALL',
    direction: 'OUTGOING',
    isPrivate: false,
    sender: { id: organization.agent.id },
    contentAttributes: { provider: 'livekit', room: expect.stringMatching(/^msg-\w{26}-[0-9a-f]{40}$/) },
  });
  expect(call.conversation).toMatchObject({ id: conversationId, lastSeq: 1 });
  const token = decodeJwt(new URL(call.url ?? '').searchParams.get('token') ?? '');
  expect(token).toMatchObject({ sub: organization.agent.id, name: 'Ana', video: { room: roomOf(call) } });
  expect(roomOf(requireResult(await start()))).not.toBe(roomOf(call));
});

test('startVideoCall logs two public events: the call and its message', async () => {
  const { invitation } = requireResult(await start());
  const event = { messageId: invitation.id, actorId: organization.agent.id, isPublic: true };
  expect((await log()).slice(1)).toMatchObject([
    { type: 'VIDEO_CALL_STARTED', ...event },
    { type: 'MESSAGE_ADDED', ...event },
  ]);
});

test('startVideoCall counts as a reply, takes over from the bot and keeps version', async () => {
  const { channel, bot, contact } = organization;
  conversationId = await openConversation(gateway, organization, { botId: bot.id, channelId: channel.id });
  requireResult(await changes.send(contact, { conversationId, content: 'Call me' }));
  const { conversation, invitation } = requireResult(await start());
  expect(conversation).toMatchObject({
    waitingSince: null,
    firstRepliedAt: invitation.createdAt,
    handledBy: 'TEAM',
  });
});

test('joinUrl is different for each viewer; only users are moderators', async () => {
  const { invitation } = requireResult(await start());
  for (const [person, isModerator] of [
    [organization.agent, true],
    [organization.colleague, true],
    [organization.contact, false],
  ] as const) {
    const token = await tokenOf(person, invitation.id);
    expect(token).toMatchObject({ sub: person.id, name: person.name });
    expect(token?.video).toMatchObject({ roomJoin: true, ...(isModerator ? { roomAdmin: true } : {}) });
    if (!isModerator) expect(token?.video).not.toHaveProperty('roomAdmin');
  }
  expect(JSON.stringify(await log())).not.toContain('token');
});

describe('joinUrl is null', () => {
  test('after the message was deleted, and in a copy of the message', async () => {
    const { invitation } = requireResult(await start(organization.agent, { idempotencyKey: 'call' }));
    requireResult(await changes.deleteMessage(organization.agent, { messageId: invitation.id }));
    expect(await tokenOf(organization.contact, invitation.id)).toBeNull();
    const again = requireResult(await start(organization.agent, { idempotencyKey: 'call' }));
    expect(again).toMatchObject({ url: null, invitation: { id: invitation.id, joinUrl: null } });
  });

  test('in other messages', async () => {
    const { id } = requireResult(
      await changes.send(organization.agent, { conversationId, content: 'Hello' }),
    );
    expect(await tokenOf(organization.agent, id)).toBeNull();
  });

  test('for a room that was not created for the message', async () => {
    const call = requireResult(await start());
    const forged = { contentType: 'VIDEO_CALL', contentAttributes: call.invitation.contentAttributes };
    const { contact } = organization;
    const { refusal } = await changes.send(contact, { conversationId, content: 'Join', ...forged });
    expect(refusal?.__typename).toBe('InvalidInputError');
    for (const person of [organization.bot, organization.colleague]) {
      const { id } = requireResult(
        await changes.send(person, { conversationId, content: 'Join', ...forged }),
      );
      expect(await tokenOf(organization.agent, id)).toBeNull();
      expect(await tokenOf(person, id)).toBeNull();
    }
    const { id } = requireResult(await start()).invitation;
    const { contentAttributes } = forged;
    requireResult(await changes.update(organization.agent, { messageId: id, contentAttributes }));
    expect(await tokenOf(organization.agent, id)).toBeNull();
  });
});

test('startVideoCall with the same idempotencyKey creates one call', async () => {
  const first = requireResult(await start(organization.agent, { idempotencyKey: 'call' }));
  const again = requireResult(await start(organization.agent, { idempotencyKey: 'call' }));
  expect(again.invitation.id).toBe(first.invitation.id);
  expect((await log()).filter(({ type }) => type === 'VIDEO_CALL_STARTED')).toHaveLength(1);
  const { refusal } = await start(organization.agent, {
    idempotencyKey: 'call',
    expectedVersion: 1,
  });
  expect(refusal?.__typename).toBe('IdempotencyKeyReusedError');
});

test.each(['CLOSED', 'SPAM'])('startVideoCall is rejected in a conversation that is %s', async (status) => {
  const closed = requireResult(await changes.setStatus(organization.agent, { conversationId, status }));
  const before = await log();
  const { refusal } = await start();
  expect(refusal).toMatchObject({ __typename: 'ConversationClosedError', conversation: closed });
  expect(await log()).toEqual(before);
});

test('startVideoCall rejects bots, contacts, other organizations and an outdated expectedVersion', async () => {
  const before = await log();
  for (const person of [organization.bot, organization.contact]) {
    expect((await start(person)).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  }
  const stranger = (await createOrganization(gateway)).agent;
  expect((await start(stranger)).refusal?.__typename).toBe('NotFoundError');
  const late = await start(organization.agent, { expectedVersion: 7 });
  expect(late.refusal?.__typename).toBe('VersionConflictError');
  expect(await log()).toEqual(before);
});

test('a link is made neither for a blocked contact nor for a removed user, although the node remembers them', async () => {
  const { invitation } = requireResult(await start());
  const { agent, colleague, contact } = organization;
  for (const person of [agent, colleague, contact])
    expect(await tokenOf(person, invitation.id)).toMatchObject({ sub: person.id });
  const { writes } = gateway.db;
  await writes.contact.update({ where: { id: contact.id }, data: { blocked: true } });
  await writes.user.update({ where: { id: colleague.id }, data: { removedAt: new Date() } });
  for (const person of [colleague, contact]) {
    const query = 'query ($id: ID!) { node(id: $id) { ... on Message { joinUrl } } }';
    const { data } = await gateway.ask(person, query, { id: invitation.id });
    // The whole answer is null where the node has read the viewer again meanwhile.
    expect(data?.node?.joinUrl ?? null).toBeNull();
  }
  expect(await tokenOf(agent, invitation.id)).toMatchObject({ sub: agent.id });
});

async function abilitiesOf(person: Person, at = gateway, id = conversationId): Promise<string[]> {
  const query = 'query ($id: ID!) { conversation(id: $id) { viewerCan } }';
  return (await at.ask(person, query, { id })).data.conversation.viewerCan;
}

test('viewerCan contains START_VIDEO_CALL where it is allowed', async () => {
  const ability = 'START_VIDEO_CALL';
  expect(await abilitiesOf(organization.agent)).toContain(ability);
  expect(await abilitiesOf(organization.bot)).not.toContain(ability);
  expect(await abilitiesOf(organization.contact)).not.toContain(ability);
  requireResult(await changes.setStatus(organization.agent, { conversationId, status: 'SPAM' }));
  expect(await abilitiesOf(organization.agent)).not.toContain(ability);
});

test('without a provider startVideoCall names the missing settings, and joinUrl is null', async () => {
  const without = await startGateway();
  const { agent, ...rest } = await createOrganization(without);
  const id = await openConversation(without, { agent, ...rest });
  const { refusal } = await createMutations(without).startCall(agent, { conversationId: id });
  expect(refusal).toMatchObject({
    __typename: 'NotConfiguredError',
    message: expect.stringMatching(/JITSI_URL.*LIVEKIT_URL/),
  });
  expect(await abilitiesOf(agent, without, id)).not.toContain('START_VIDEO_CALL');
  const sent = { conversationId: id, content: 'Join', contentType: 'VIDEO_CALL' };
  requireResult(await createMutations(without).send(agent, sent));
  const query = 'query ($id: ID!) { conversation(id: $id) { lastMessage { joinUrl } } }';
  expect((await without.ask(agent, query, { id })).data.conversation.lastMessage).toEqual({ joinUrl: null });
});
