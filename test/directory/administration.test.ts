import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  createEntry,
  DIRECTORY_KINDS,
  type DirectoryKind,
  idField,
  mutateDirectory,
} from '../support/directory.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { cursorAt, eventsOf } from '../support/log.ts';
import type { Person } from '../support/mutations.ts';
import { createOrganization, type TestOrganization } from '../support/organization.ts';

// Create, update and delete of directory entries: bots, websites, audiences, channels, users, business units.

let gateway: Gateway;
let organization: TestOrganization;

beforeAll(async () => {
  gateway = await startGateway();
});

beforeEach(async () => {
  organization = await createOrganization(gateway);
});

const events = () => eventsOf(gateway, { organizationId: organization.id });
const run = (mutation: string, input: object, person: Person = organization.admin) =>
  mutateDirectory(gateway, person, { mutation, input });
const makeOne = (kind: DirectoryKind) => createEntry(gateway, organization.admin, kind);

async function listed(kind: DirectoryKind): Promise<string[]> {
  const { data } = await gateway.ask(organization.agent, kind.list);
  const rows = data.list?.nodes ?? data.viewer.organization.list;
  return rows.map(({ id }: { id: string }) => id);
}

describe.each(DIRECTORY_KINDS)('$name', (kind) => {
  const which = (id: string) => ({ [idField(kind)]: id });

  test('is created with one event, whose first change is the id', async () => {
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

  test('is updated in the given fields; the same update again makes no event', async () => {
    const id = await makeOne(kind);
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

  test('is deleted: not listed, still found by id, and rejected in updates; deleting it again makes no event', async () => {
    const id = await makeOne(kind);
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
    const { result: rejected } = await run(`update${kind.name}`, { ...which(id), name: 'Again' });
    expect(rejected).toMatchObject({
      __typename: 'NotFoundError',
      message: expect.stringContaining('It was removed.'),
    });
  });

  test('is changed by administrators alone: agents, bots and contacts get FORBIDDEN', async () => {
    const id = await makeOne(kind);
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

  test('of another organization is not found', async () => {
    const id = await makeOne(kind);
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

  test('is changed once for repeated requests with one idempotency key', async () => {
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
    // The stored result is returned, although the same update would be rejected by now.
    const late = await run(`update${kind.name}`, { ...which(id), ...kind.changed, idempotencyKey: 'key' });
    expect(late).toMatchObject({ result: { id, removedAt: removed.result.removedAt }, replayed: true });
    expect(await events()).toHaveLength(3);
  });

  test.each([
    [{ name: '' }, 'REQUIRED'],
    [{ name: ' ' }, 'REQUIRED'],
    [{ name: 'x'.repeat(256) }, 'TOO_LONG'],
  ])('rejects the name %j', async (input, code) => {
    const id = await makeOne(kind);
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
])('%s rejects %j', async (mutation, input, code, field) => {
  expect((await run(mutation, input)).result.issues).toMatchObject([{ code, path: ['input', field] }]);
  expect(await events()).toEqual([]);
});

test.each([
  ['Channel', 'channelType'],
  ['Channel', 'isActive'],
  ['Website', 'url'],
  ['User', 'email'],
  ['User', 'role'],
])('%s.%s can not be cleared', async (name, field) => {
  const kind = DIRECTORY_KINDS.find((one) => one.name === name) as DirectoryKind;
  const { result } = await run(`update${name}`, { [idField(kind)]: await makeOne(kind), [field]: null });
  expect(result.issues).toMatchObject([{ code: 'REQUIRED', path: ['input', field] }]);
});

test('the type of a channel is fixed', async () => {
  const given = { name: 'Mail', channelType: 'EMAIL' };
  const channelId = (await run('createChannel', given)).result.id;
  const { result } = await run('updateChannel', { channelId, channelType: 'LINE', name: 'Line' });
  expect(result.issues).toMatchObject([{ code: 'FIXED', path: ['input', 'channelType'] }]);
  expect(result.issues[0].message).toContain('Create another channel');
  // A form may send the unchanged type back.
  const renamed = await run('updateChannel', { channelId, ...given, name: 'Letters' });
  expect(renamed.result).toMatchObject({ channelType: 'EMAIL', name: 'Letters' });
  expect((await events()).map(({ changes }) => changes.at(-1)?.field)).toEqual(['channelType', 'name']);
});
