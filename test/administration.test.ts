import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { changesThrough } from './support/change.ts';
import { type Gateway, startGateway } from './support/gateway.ts';
import { cursorAt, eventsOf } from './support/log.ts';
import { mutate } from './support/mutate.ts';
import { createOrganization, openConversation, type TestOrganization } from './support/organization.ts';

// What administrators make, change and remove: bots, websites, audiences, channels, users, business units.

let gateway: Gateway;
let organization: TestOrganization;

beforeAll(async () => {
  gateway = await startGateway();
});

beforeEach(async () => {
  organization = await createOrganization(gateway);
});

interface Kind {
  name: string;
  /** What it is made with, and what of it is then changed. */
  given: Record<string, unknown>;
  changed: Record<string, unknown>;
  fields: string;
  event: string;
  subject: boolean;
  list: string;
}

const KINDS: Kind[] = [
  {
    name: 'Bot',
    given: { name: 'Helper', avatarUrl: 'https://example.org/bot.png', description: 'Helps' },
    changed: { name: 'Helper 2', description: null },
    fields: 'name avatarUrl description',
    event: 'SETTINGS_CHANGED',
    subject: true,
    list: '{ list: bots(first: 100) { nodes { id } } }',
  },
  {
    name: 'Website',
    given: { name: 'Shop', url: 'https://shop.example' },
    changed: { name: 'Store', url: 'http://store.example' },
    fields: 'name url',
    event: 'SETTINGS_CHANGED',
    subject: false,
    list: '{ list: websites(first: 100) { nodes { id } } }',
  },
  {
    name: 'Audience',
    given: { name: 'All' },
    changed: { name: 'Some' },
    fields: 'name',
    event: 'SETTINGS_CHANGED',
    subject: false,
    list: '{ list: audiences(first: 100) { nodes { id } } }',
  },
  {
    name: 'Channel',
    given: { name: 'Mail', channelType: 'EMAIL', isActive: false },
    changed: { name: 'Letters', isActive: true },
    fields: 'name channelType isActive',
    event: 'CHANNEL_CHANGED',
    subject: false,
    list: '{ list: channels(first: 100) { nodes { id } } }',
  },
  {
    name: 'User',
    given: {
      name: 'Fay Wu',
      displayName: 'Fay',
      email: 'fay@example.com',
      avatarUrl: 'https://example.org/fay.png',
      role: 'ADMIN',
    },
    changed: { displayName: 'F', email: 'fay.wu@example.com', avatarUrl: null, role: 'AGENT' },
    fields: 'name displayName email avatarUrl role',
    event: 'USER_CHANGED',
    subject: true,
    list: '{ list: users(first: 100) { nodes { id } } }',
  },
  {
    name: 'BusinessUnit',
    given: { name: 'Sales' },
    changed: { name: 'Trade' },
    fields: 'name',
    event: 'SETTINGS_CHANGED',
    subject: false,
    list: '{ viewer { organization { list: businessUnits { id } } } }',
  },
];

type Person = { id: string; organizationId: string };

const events = (organizationId = organization.id) => eventsOf(gateway, { organizationId });

function run(mutation: string, input: object, person: Person = organization.admin) {
  const kind = KINDS.find(({ name }) => mutation.endsWith(name));
  const selected = `... on ${kind?.name} { id removedAt ${kind?.fields} }`;
  return mutate(gateway, person, { mutation, input, selected });
}

const idField = ({ name }: Kind) => `${name.charAt(0).toLowerCase()}${name.slice(1)}Id`;

async function make(kind: Kind): Promise<string> {
  const { result } = await run(`create${kind.name}`, kind.given);
  if (!result?.id) throw new Error(`not made: ${JSON.stringify(result)}`);
  return result.id;
}

async function listed(kind: Kind): Promise<string[]> {
  const { data } = await gateway.ask(organization.agent, kind.list);
  const rows = data.list?.nodes ?? data.viewer.organization.list;
  return rows.map(({ id }: { id: string }) => id);
}

describe.each(KINDS)('$name', (kind) => {
  const which = (id: string) => ({ [idField(kind)]: id });

  test('is made with what is given, in one event that says which', async () => {
    const { result, cursor } = await run(`create${kind.name}`, kind.given);
    expect(result).toMatchObject({ __typename: kind.name, ...kind.given, removedAt: null });
    const [event, ...others] = await events();
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      type: kind.event,
      actorId: organization.admin.id,
      subjectId: kind.subject ? result.id : null,
      contactId: null,
      isPublic: false,
    });
    expect(event?.changes).toEqual([
      { field: 'id', before: null, after: result.id },
      ...Object.entries(kind.given).map(([field, after]) => ({ field, before: null, after })),
    ]);
    expect(cursor).toBe(await cursorAt(gateway, organization.id, 1));
    expect(await listed(kind)).toContain(result.id);
  });

  test('is changed where something is given; the same again is no event', async () => {
    const id = await make(kind);
    for (let time = 0; time < 2; time++) {
      const { result } = await run(`update${kind.name}`, { ...which(id), ...kind.changed });
      expect(result).toMatchObject({ id, ...kind.given, ...kind.changed });
    }
    const [, event, ...others] = await events();
    expect(others).toEqual([]);
    expect(event).toMatchObject({ type: kind.event, subjectId: kind.subject ? id : null, isPublic: false });
    expect(event?.changes[0]).toEqual({ field: 'id', before: id, after: id });
    expect(new Set(event?.changes.slice(1))).toEqual(
      new Set(
        Object.entries(kind.changed).map(([field, after]) => ({ field, before: kind.given[field], after })),
      ),
    );
  });

  test('is removed: gone from the lists, there by its id, and refused for changes; again is no event', async () => {
    const id = await make(kind);
    const { result } = await run(`delete${kind.name}`, which(id));
    expect(result).toMatchObject({ id, ...kind.given, removedAt: expect.any(String) });
    expect((await run(`delete${kind.name}`, which(id))).result).toEqual(result);
    const [, event, ...others] = await events();
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      type: kind.event,
      isPublic: false,
      changes: [
        { field: 'id', before: id, after: id },
        { field: 'removedAt', before: null, after: result.removedAt },
      ],
    });
    expect(await listed(kind)).not.toContain(id);
    const node = await gateway.ask(
      organization.agent,
      `{ node(id: "${id}") { id ... on ${kind.name} { name removedAt } } }`,
    );
    expect(node.data.node).toEqual({ id, name: kind.given.name, removedAt: result.removedAt });
    const { result: refused } = await run(`update${kind.name}`, { ...which(id), name: 'Again' });
    expect(refused).toMatchObject({
      __typename: 'NotFoundError',
      message: expect.stringContaining('It was removed.'),
    });
  });

  test('is for administrators: an agent, a bot and a contact are refused, and nothing changes', async () => {
    const id = await make(kind);
    for (const person of [organization.agent, organization.bot, organization.contact]) {
      for (const [mutation, input] of [
        [`create${kind.name}`, kind.given],
        [`update${kind.name}`, { ...which(id), ...kind.changed }],
        [`delete${kind.name}`, which(id)],
      ] as const) {
        const { result, errors } = await run(mutation, input, person);
        expect(result).toBeNull();
        expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' }, path: ['result'] }]);
      }
    }
    expect(await events()).toHaveLength(1);
  });

  test('of another organization is as one that is not there', async () => {
    const id = await make(kind);
    const stranger = (await createOrganization(gateway)).admin;
    const messages = [];
    for (const [given, person] of [
      [id, stranger],
      ['nonsense', organization.admin],
    ] as const) {
      for (const [mutation, input] of [
        [`update${kind.name}`, { ...which(given), ...kind.changed }],
        [`delete${kind.name}`, which(given)],
      ] as const) {
        const { result } = await run(mutation, input, person);
        expect(result.__typename).toBe('NotFoundError');
        messages.push(result.message.replace(given, 'ID'));
      }
    }
    expect(new Set(messages).size).toBe(1);
    expect(await events()).toHaveLength(1);
  });

  test('sent again with its key happens once', async () => {
    const made = await run(`create${kind.name}`, { ...kind.given, idempotencyKey: 'key' });
    const again = await run(`create${kind.name}`, { ...kind.given, idempotencyKey: 'key' });
    expect(again).toEqual({ ...made, replayed: true });
    const id = made.result.id;
    await run(`update${kind.name}`, { ...which(id), ...kind.changed, idempotencyKey: 'key' });
    const back = await run(`update${kind.name}`, {
      ...which(id),
      name: kind.given.name,
      idempotencyKey: 'key',
    });
    expect(back.result.__typename).toBe('IdempotencyKeyReusedError');
    const removed = await run(`delete${kind.name}`, { ...which(id), idempotencyKey: 'key' });
    expect(await run(`delete${kind.name}`, { ...which(id), idempotencyKey: 'key' })).toEqual({
      ...removed,
      replayed: true,
    });
    // The update is not made again, though it would be refused by now.
    const late = await run(`update${kind.name}`, { ...which(id), ...kind.changed, idempotencyKey: 'key' });
    expect(late).toMatchObject({ result: { id, removedAt: removed.result.removedAt }, replayed: true });
    expect(await events()).toHaveLength(3);
  });

  test.each([
    [{ name: '' }, 'REQUIRED'],
    [{ name: ' ' }, 'REQUIRED'],
    [{ name: 'x'.repeat(256) }, 'TOO_LONG'],
  ])('can not be called %j', async (input, code) => {
    const id = await make(kind);
    for (const answer of [
      await run(`create${kind.name}`, { ...kind.given, ...input }),
      await run(`update${kind.name}`, { ...which(id), ...input }),
    ]) {
      expect(answer.result.issues).toMatchObject([{ code, path: ['input', 'name'] }]);
    }
    const { result } = await run(`update${kind.name}`, { ...which(id), name: null });
    expect(result.issues).toMatchObject([{ code: 'REQUIRED', path: ['input', 'name'] }]);
  });
});

test.each([
  ['createBot', { name: 'B', avatarUrl: 'javascript:0' }, 'NOT_A_URL', 'avatarUrl'],
  ['createBot', { name: 'B', description: 'x'.repeat(5_001) }, 'TOO_LONG', 'description'],
  ['createWebsite', { name: 'W', url: 'shop.example' }, 'NOT_A_URL', 'url'],
  ['createWebsite', { name: 'W', url: 'ftp://shop.example' }, 'NOT_A_URL', 'url'],
  ['createWebsite', { name: 'W', url: 'https://' }, 'NOT_A_URL', 'url'],
  ['createUser', { name: 'U', email: 'nobody' }, 'NOT_AN_EMAIL', 'email'],
  ['createUser', { name: 'U', email: 'u@example.com', displayName: ' ' }, 'REQUIRED', 'displayName'],
])('%s refuses %j', async (mutation, input, code, field) => {
  expect((await run(mutation, input)).result.issues).toMatchObject([{ code, path: ['input', field] }]);
  expect(await events()).toEqual([]);
});

test.each([
  ['Channel', 'channelType'],
  ['Channel', 'isActive'],
  ['Website', 'url'],
  ['User', 'email'],
  ['User', 'role'],
])('of a %s %s can not be cleared', async (name, field) => {
  const kind = KINDS.find((one) => one.name === name) as Kind;
  const { result } = await run(`update${name}`, { [idField(kind)]: await make(kind), [field]: null });
  expect(result.issues).toMatchObject([{ code: 'REQUIRED', path: ['input', field] }]);
});

test('a channel stays of the type that it was made with', async () => {
  const given = { name: 'Mail', channelType: 'EMAIL' };
  const channelId = (await run('createChannel', given)).result.id;
  const { result } = await run('updateChannel', { channelId, channelType: 'LINE', name: 'Line' });
  expect(result.issues).toMatchObject([{ code: 'FIXED', path: ['input', 'channelType'] }]);
  expect(result.issues[0].message).toContain('Make another channel');
  // Whoever sends back all that a form shows changes nothing by it.
  const renamed = await run('updateChannel', { channelId, ...given, name: 'Letters' });
  expect(renamed.result).toMatchObject({ channelType: 'EMAIL', name: 'Letters' });
  expect((await events()).map(({ changes }) => changes.at(-1)?.field)).toEqual(['channelType', 'name']);
});

describe('a website’s channel', () => {
  test('is one that is there and in use', async () => {
    const { channel, admin } = organization;
    const stranger = await createOrganization(gateway);
    const website = { name: 'Shop', url: 'https://shop.example' };
    const made = await run('createWebsite', { ...website, defaultChannelId: channel.id }, admin);
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

describe('users', () => {
  const { name, email } = { name: 'Fay', email: 'fay@example.com' };

  test('are agents who are shown by their name, where nothing else is said', async () => {
    const { result } = await run('createUser', { name, email: 'FAY@example.com' });
    expect(result).toMatchObject({ name, displayName: name, email, role: 'AGENT', avatarUrl: null });
  });

  test('have an email that no other has, until they are removed', async () => {
    const taken = { __typename: 'InvalidInputError', issues: [{ code: 'TAKEN', path: ['input', 'email'] }] };
    const { result: fay } = await run('createUser', { name, email });
    expect((await run('createUser', { name, email: 'FAY@example.com' })).result).toMatchObject(taken);
    const userId = organization.agent.id;
    expect((await run('updateUser', { userId, email, name: 'New' })).result).toMatchObject(taken);
    expect((await run('updateUser', { userId: fay.id, email })).result).toMatchObject({ email });
    expect(await events()).toHaveLength(1);

    await run('deleteUser', { userId: fay.id });
    const { result: back } = await run('createUser', { name, email });
    expect(back).toMatchObject({ email, removedAt: null });
    expect(back.id).not.toBe(fay.id);
  });

  test('of whom two are to get one email at the same moment: one does, the other is refused', async () => {
    const { agent, colleague } = organization;
    for (let round = 0; round < 5; round++) {
      const given = { email: `round${round}@example.com` };
      const answers = await Promise.all([
        run('updateUser', { userId: agent.id, ...given }),
        run('updateUser', { userId: colleague.id, ...given }),
        run('createUser', { name, ...given }),
      ]);
      expect(answers.map(({ errors }) => errors)).toEqual([undefined, undefined, undefined]);
      expect(answers.map(({ result }) => result.issues?.[0].code ?? result.__typename).sort()).toEqual([
        'TAKEN',
        'TAKEN',
        'User',
      ]);
    }
  });

  test('the last administrator is neither removed nor made an agent', async () => {
    const { admin } = organization;
    const demoted = await run('updateUser', { userId: admin.id, role: 'AGENT', name: 'New' });
    expect(demoted.result.issues).toMatchObject([{ code: 'LAST_ADMIN', path: ['input', 'role'] }]);
    const removed = await run('deleteUser', { userId: admin.id });
    expect(removed.result.issues).toMatchObject([{ code: 'LAST_ADMIN', path: ['input', 'userId'] }]);
    expect(await events()).toEqual([]);
    expect((await run('updateUser', { userId: admin.id, name: 'New', role: 'ADMIN' })).result.name).toBe(
      'New',
    );
  });

  test('of two administrators who remove or demote each other at the same moment one stays', async () => {
    for (const [one, other] of [
      ['deleteUser', 'deleteUser'],
      ['deleteUser', 'updateUser'],
      ['updateUser', 'updateUser'],
    ] as const) {
      organization = await createOrganization(gateway);
      const first = organization.admin;
      const made = await run('createUser', { name, email, role: 'ADMIN' });
      const second = { id: made.result.id, organizationId: organization.id };
      const act = (mutation: string, person: Person, userId: string) =>
        run(mutation, mutation === 'updateUser' ? { userId, role: 'AGENT' } : { userId }, person);
      // Both are known as administrators when they begin.
      await gateway.ask(second, '{ viewer { identity { id } } }');
      const answers = await Promise.all([act(one, first, second.id), act(other, second, first.id)]);
      const outcomes = answers.map(
        ({ result, errors }) =>
          result?.issues?.[0].code ?? result?.__typename ?? errors?.[0]?.extensions?.code,
      );
      expect(outcomes.filter((outcome) => outcome === 'User')).toHaveLength(1);
      // Who was removed first may have been noticed to be gone.
      expect(outcomes.find((outcome) => outcome !== 'User')).toMatch(/LAST_ADMIN|FORBIDDEN|UNAUTHENTICATED/);
      const where = { organizationId: organization.id, role: 'ADMIN' as const, removedAt: null };
      expect(await gateway.db.reads.user.count({ where })).toBe(1);
    }
  });

  test('who are removed can not come in, and neither can bots', async () => {
    const viewer = '{ viewer { identity { id } } }';
    for (const [mutation, input] of [
      ['createUser', { name, email }],
      ['createBot', { name }],
    ] as const) {
      const { result } = await run(mutation, input);
      const person = { id: result.id, organizationId: organization.id };
      const removed =
        mutation === 'createUser'
          ? await run('deleteUser', { userId: person.id })
          : await run('deleteBot', { botId: person.id });
      expect(removed.result.removedAt).not.toBeNull();
      expect((await gateway.ask(person, viewer)).status).toBe(401);
    }
  });
});

test('what was removed is used for no new conversation, and stays in those that name it', async () => {
  const { agent, bot, channel, contact } = organization;
  const changes = changesThrough(gateway);
  const ids: Record<string, string> = { channelId: channel.id, botId: bot.id };
  for (const kind of KINDS.filter(({ name }) => ['Website', 'Audience', 'BusinessUnit'].includes(name))) {
    ids[idField(kind)] = await make(kind);
  }
  await run('updateWebsite', { websiteId: ids.websiteId, defaultChannelId: channel.id });
  const conversationId = await openConversation(gateway, organization, ids);
  const spare = (await run('createChannel', { name: 'Spare', channelType: 'WEB' })).result.id;

  for (const kind of KINDS.filter(({ name }) => name !== 'User')) {
    await run(`delete${kind.name}`, { [idField(kind)]: ids[idField(kind)] });
  }
  for (const [field, id] of Object.entries(ids)) {
    const { refused } = await changes.create(agent, { channelId: spare, contactId: contact.id, [field]: id });
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

test('a website whose channel was removed has none for a new conversation', async () => {
  const { agent, channel, contact } = organization;
  const website = { name: 'Shop', url: 'https://shop.example', defaultChannelId: channel.id };
  const websiteId = (await run('createWebsite', website)).result.id;
  await run('deleteChannel', { channelId: channel.id });
  const { refused } = await changesThrough(gateway).create(agent, { websiteId, contactId: contact.id });
  expect(refused?.issues).toMatchObject([{ code: 'REQUIRED', path: ['input', 'channelId'] }]);
});

describe('setAvailability', () => {
  const set = (person: Person, input: object) =>
    mutate(gateway, person, {
      mutation: 'setAvailability',
      input,
      selected: '... on User { id availability }',
    });

  test('sets that of the user who asks, in an event about them; the same again is none', async () => {
    const { agent } = organization;
    for (let time = 0; time < 2; time++) {
      const { result } = await set(agent, { availability: 'BUSY' });
      expect(result).toEqual({ __typename: 'User', id: agent.id, availability: 'BUSY' });
    }
    const [event, ...others] = await events();
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      type: 'USER_CHANGED',
      actorId: agent.id,
      subjectId: agent.id,
      contactId: null,
      isPublic: false,
      changes: [{ field: 'availability', before: 'ONLINE', after: 'BUSY' }],
    });
  });

  test('sent again with its key changes nothing twice', async () => {
    const { agent } = organization;
    await set(agent, { availability: 'BUSY', idempotencyKey: 'key' });
    await set(agent, { availability: 'OFFLINE' });
    expect(await set(agent, { availability: 'BUSY', idempotencyKey: 'key' })).toMatchObject({
      result: { availability: 'OFFLINE' },
      replayed: true,
    });
    const reused = await set(agent, { availability: 'ONLINE', idempotencyKey: 'key' });
    expect(reused.result.__typename).toBe('IdempotencyKeyReusedError');
  });

  test('is for users', async () => {
    for (const person of [organization.bot, organization.contact]) {
      const { result, errors } = await set(person, { availability: 'BUSY' });
      expect(result).toBeNull();
      expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    }
  });
});
