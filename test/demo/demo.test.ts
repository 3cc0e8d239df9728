import { beforeAll, expect, test } from 'vitest';
import { DEMO } from '../../src/demo/demo-people.ts';
import { seedDemo } from '../../src/demo/seed-demo.ts';
import { normalizeUrl } from '../../src/domain/core/url.ts';
import { LIMITS } from '../../src/limits.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';

let gateway: Gateway;

const AGENT = { id: DEMO.agentId, organizationId: DEMO.organizationId };
const CONTACT = { id: DEMO.contactId, organizationId: DEMO.organizationId };

beforeAll(async () => {
  gateway = await startGateway();
  await Promise.all([seedDemo(gateway), seedDemo(gateway)]);
});

async function example(publicId: string, fields: string) {
  const { data, errors } = await gateway.ask(
    AGENT,
    `query ($publicId: String!) { conversationByPublicId(publicId: $publicId) { ${fields} } }`,
    { publicId },
  );
  expect(errors).toBeUndefined();
  return data.conversationByPublicId;
}

const ORIGIN = 'origin { system account externalId externalStatus }';

test('the conversation of OnceHub has every field of its documentation', async () => {
  const conversation = await example(
    'CVR-022EAEA41C',
    `publicId createdAt initiatedBy updatedAt lastInteractedAt status bookings ${ORIGIN} audience { id }
     contact { name email ${ORIGIN} } owner { name email ${ORIGIN} } website { name url ${ORIGIN} } bot { name ${ORIGIN} }
     answers { questionId internalLabel question value }`,
  );
  expect(conversation).toMatchObject({
    publicId: 'CVR-022EAEA41C',
    createdAt: '2021-07-13T12:28:24.000Z',
    initiatedBy: 'CONTACT',
    updatedAt: '2021-07-13T12:33:54.000Z',
    lastInteractedAt: '2021-07-13T12:33:54.000Z',
    status: 'CLOSED',
    origin: { system: 'ONCEHUB', externalId: 'CVR-022EAEA41C', externalStatus: 'closed' },
    contact: { email: 'so.carrie.customer@gmail.com', origin: { externalId: 'CTC-9QEG09XXYN' } },
    owner: { origin: { externalId: 'USR-GNSBE50D6A' } },
    website: {
      name: 'Company Website',
      url: 'https://www.example.com/',
      origin: { externalId: 'WEB-B1D45D12BB' },
    },
    audience: null,
    bot: { name: 'Sales Assistant Bot', origin: { externalId: 'BOT-62774A40FB' } },
    bookings: ['BKNG-3KM0HY2BF9SL'],
  });
  expect(conversation.answers).toEqual([
    { questionId: 'INT-5D22DCBE36', internalLabel: '', question: 'Full name', value: 'Carrie Customer' },
    {
      questionId: 'INT-4CC379BB35',
      internalLabel: '',
      question: 'Email address',
      value: 'so.carrie.customer@gmail.com',
    },
    {
      questionId: 'INT-013A1D5216',
      internalLabel: '',
      question: 'Meeting location',
      value: '123 Office Street',
    },
  ]);
});

test('the conversation of VoIPBin has its reference, its addresses, and times cut to milliseconds', async () => {
  const id = 'bdc9d9f5-706c-4e2d-9be7-7dc1e5fd45a0';
  const address = { type: 'TEL', targetName: '', name: '', detail: '' };
  expect(
    await example(
      id,
      `publicId uuid name detail reference { type target } source { type target targetName name detail }
       participants { type target targetName name detail } createdAt updatedAt deletedAt ${ORIGIN}`,
    ),
  ).toMatchObject({
    publicId: id,
    uuid: id,
    name: 'conversation',
    detail: 'conversation detail',
    reference: { type: 'MESSAGE', target: '+673802' },
    source: { ...address, target: '+14703298699' },
    participants: [
      { ...address, target: '+14703298699' },
      { ...address, target: '+673802' },
    ],
    createdAt: '2022-06-23T05:05:40.950Z',
    updatedAt: '2022-06-23T05:05:40.950Z',
    deletedAt: null,
    origin: { system: 'VOIPBIN', externalId: id },
  });
});

test('the conversation of Chatwoot has every field of its message, attachment and contact', async () => {
  const conversation = await example(
    '42',
    `publicId uuid status contactLastSeenAt agentLastSeenAt channel { channelType ${ORIGIN} } ${ORIGIN}
     messages(first: 50) { nodes {
       content direction contentType contentAttributes createdAt ${ORIGIN}
       attachments { fileType extension dataUrl thumbUrl fileSize width height latitude longitude fallbackTitle meta transcribedText }
       sender { __typename name avatarUrl
         ... on User { displayName availability email createdAt }
         ... on Bot { description createdAt }
         ... on Contact { email phoneNumber identifier blocked additionalAttributes customAttributes } }
     } }
     contact { name email phoneNumber identifier blocked additionalAttributes customAttributes contactType countryCode lastActivityAt
       createdAt updatedAt lastName middleName location company labels ${ORIGIN} }`,
  );
  expect(conversation).toMatchObject({
    publicId: '42',
    status: 'OPEN',
    origin: { system: 'CHATWOOT', account: '1', externalId: '42', externalStatus: 'open' },
    channel: { channelType: 'API', origin: { externalId: '3' } },
    contact: {
      name: 'Jane Doe',
      middleName: 'Quinn',
      lastName: 'Doe',
      email: 'jane.doe@example.com',
      phoneNumber: '+14155550150',
      identifier: 'acme-1042',
      blocked: false,
      contactType: 'CUSTOMER',
      countryCode: 'US',
      location: 'San Francisco',
      company: 'Acme Inc.',
      labels: ['vip', 'office-supplies'],
      customAttributes: { plan: 'pro', seats: 25 },
      additionalAttributes: { account_id: 1, company_id: 7 },
      origin: { externalId: '5' },
    },
  });
  for (const time of ['contactLastSeenAt', 'agentLastSeenAt'])
    expect(conversation[time]).toMatch(/^2025-06-17T/);
  expect(conversation.contact.lastActivityAt).toBe('2025-06-17T09:14:30.000Z');

  const { nodes } = conversation.messages;
  const senders = new Set(
    nodes.map((message: { sender: { __typename: string } | null }) => message.sender?.__typename),
  );
  expect(senders).toEqual(new Set(['Contact', 'User', 'Bot', undefined]));
  const directions = new Set(nodes.map((message: { direction: string }) => message.direction));
  expect(directions).toEqual(new Set(['INCOMING', 'OUTGOING', 'ACTIVITY', 'TEMPLATE']));
  const attachments = new Map(
    nodes
      .flatMap((message: { attachments: { fileType: string }[] }) => message.attachments)
      .map((attachment: { fileType: string }) => [attachment.fileType, attachment]),
  );
  expect(attachments.get('IMAGE')).toMatchObject({
    extension: 'jpg',
    dataUrl: expect.stringMatching(/cracked-screen\.jpg$/),
    thumbUrl: expect.stringMatching(/cracked-screen-250\.jpg$/),
    fileSize: 184_320,
    width: 1200,
    height: 900,
  });
  expect(attachments.get('LOCATION')).toMatchObject({
    latitude: 37.7749,
    longitude: -122.4194,
    fallbackTitle: 'Acme Inc., 1 Market Street',
  });
  expect(attachments.get('AUDIO')).toMatchObject({
    transcribedText: expect.stringMatching(/^Please ask for Tobias/),
  });
  expect(attachments.get('CONTACT')).toMatchObject({ meta: { firstName: 'Tobias', lastName: 'Reyes' } });
});

test('the conversation of iMBRACE has its business unit, channel, contact and users', async () => {
  const publicId = 'conv_31b75006-beac-49af-b3b3-b8591d3438e6';
  const conversation = await example(
    publicId,
    `publicId name status lastInteractedAt createdAt updatedAt ${ORIGIN} organization { name } businessUnit { name ${ORIGIN} }
     channel { channelType ${ORIGIN} } contact { ${ORIGIN} } members { user { displayName avatarUrl ${ORIGIN} } }`,
  );
  expect(conversation).toMatchObject({
    publicId,
    name: 'TWN#NJ9585@14 Nov 2024',
    status: 'PENDING',
    lastInteractedAt: '2024-12-07T07:54:40.910Z',
    createdAt: '2024-11-14T14:12:16.016Z',
    updatedAt: '2025-09-05T09:40:47.437Z',
    origin: { system: 'IMBRACE', account: 'org_imbrace', externalId: publicId, externalStatus: 'pending' },
    businessUnit: { origin: { externalId: 'bu_imbrace_testing' } },
    channel: { channelType: 'WEB', origin: { externalId: 'ch_ed6e2673-fd52-459f-b3a1-d392addcd771' } },
    contact: { origin: { externalId: 'con_32a507dd-dc57-49a9-8456-7fb9c48d2a41' } },
  });
  expect(
    conversation.members.map((member: { user: { displayName: string } }) => member.user.displayName),
  ).toEqual(['Winnie', 'Derek']);
});

test('an imported conversation is found by its origin', async () => {
  const { data } = await gateway.ask(
    AGENT,
    '{ conversationByOrigin(system: CHATWOOT, account: "1", externalId: "42") { publicId } }',
  );
  expect(data.conversationByOrigin).toEqual({ publicId: '42' });
});

test('two concurrent seeds make one organization, with some 200 conversations of all statuses and channel types', async () => {
  const counts = await gateway.db.reads.$queryRaw<
    { conversations: number; statuses: number; channels: number; organizations: number }[]
  >`
    SELECT count(*)::int AS conversations, count(DISTINCT c."status")::int AS statuses, count(DISTINCT h."channelType")::int AS channels,
           (SELECT count(*)::int FROM "Organization" WHERE "id" = ${DEMO.organizationId}) AS organizations
      FROM "Conversation" c JOIN "Channel" h ON h."id" = c."channelId"`;
  expect(counts).toEqual([
    { conversations: expect.any(Number), statuses: 7, channels: 13, organizations: 1 },
  ]);
  expect(counts[0]?.conversations).toBeGreaterThanOrEqual(200);
});

test('positions, numbers and counters are those of live conversations', async () => {
  const faults = await gateway.db.reads.$queryRaw<{ what: string }[]>`
    SELECT 'position' AS what FROM "Event" GROUP BY "organizationId" HAVING count(*) <> max("position")
    UNION ALL SELECT 'number' FROM "Conversation" GROUP BY "organizationId" HAVING count(*) <> max("number")
    UNION ALL SELECT 'seq' FROM "Message" GROUP BY "conversationId" HAVING count(*) <> max("seq")
    UNION ALL SELECT 'publicSeq' FROM "Message" GROUP BY "conversationId" HAVING count("publicSeq") <> coalesce(max("publicSeq"), 0)
    UNION ALL SELECT 'lastSeq' FROM "Conversation" c
      WHERE "lastSeq" <> (SELECT count(*) FROM "Message" m WHERE m."conversationId" = c."id")
    UNION ALL SELECT 'incomingCount' FROM "Conversation" c
      WHERE "incomingCount" <> (SELECT count(*) FROM "Message" m WHERE m."conversationId" = c."id" AND "direction" = 'INCOMING')
    UNION ALL SELECT 'isUnread' FROM "ConversationMember" m JOIN "Conversation" c ON c."id" = m."conversationId"
      WHERE m."isUnread" <> (c."incomingCount" > m."readCount")
    UNION ALL SELECT 'version' FROM "Conversation" c
      WHERE "version" <> (SELECT count(*) FROM "Event" e WHERE e."conversationId" = c."id"
                             AND e."type" NOT IN ('MESSAGE_ADDED', 'MESSAGE_CHANGED', 'READ'))
    UNION ALL SELECT 'waitingSince' FROM "Conversation" c
      WHERE "waitingSince" IS NOT NULL AND ("status" IN ('RESOLVED', 'CLOSED', 'ABANDONED')
         OR NOT EXISTS (SELECT FROM "Message" m WHERE m."conversationId" = c."id"
                           AND m."direction" = 'INCOMING' AND m."createdAt" = c."waitingSince"))
    UNION ALL SELECT 'occurredAt' FROM (
      SELECT "occurredAt" < lag("occurredAt") OVER (ORDER BY "position") AS "isBack" FROM "Event") e WHERE "isBack"`;
  expect(faults).toEqual([]);
});

test('the demo agent has unread conversations, and the demo contact reads a history without notes', async () => {
  const inbox = await gateway.ask(
    AGENT,
    '{ conversations(filter: { assignment: MINE, isUnread: true }) { totalCount } }',
  );
  expect(inbox.data.conversations.totalCount).toBeGreaterThan(0);
  const { data } = await gateway.ask(
    CONTACT,
    '{ conversations { totalCount nodes { status labels messages(last: 50) { nodes { isPrivate seq } } } } }',
  );
  expect(data.conversations.totalCount).toBeGreaterThan(2);
  const messages = data.conversations.nodes.flatMap(
    (node: { messages: { nodes: { isPrivate: boolean }[] } }) => node.messages.nodes,
  );
  expect(messages.every((message: { isPrivate: boolean }) => !message.isPrivate)).toBe(true);
});

test('every URL of the demo organization is one that an input may have, as it is stored', async () => {
  const { reads } = gateway.db;
  const urls = [
    ...(await reads.user.findMany()).map(({ avatarUrl }) => avatarUrl),
    ...(await reads.bot.findMany()).map(({ avatarUrl }) => avatarUrl),
    ...(await reads.contact.findMany()).map(({ avatarUrl }) => avatarUrl),
    ...(await reads.website.findMany()).map(({ url }) => url),
    ...(await reads.attachment.findMany()).flatMap(({ dataUrl, thumbUrl }) => [dataUrl, thumbUrl]),
  ].filter((url) => url !== null);
  expect(urls.length).toBeGreaterThan(100);
  expect(urls.filter((url) => normalizeUrl(url, 'media') !== url || url.length > LIMITS.url)).toEqual([]);
  const websites = (await reads.website.findMany()).map(({ url }) => url);
  expect(websites.filter((url) => normalizeUrl(url, 'web') !== url)).toEqual([]);
});
