import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { mutateDirectory } from '../support/directory.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { eventsOf } from '../support/log.ts';
import { mutate } from '../support/mutate.ts';
import type { Person } from '../support/mutations.ts';
import { createOrganization, type TestOrganization } from '../support/organization.ts';

// Rules of users that other directory entries do not have, and availability.

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

describe('users', () => {
  const { name, email } = { name: 'Fay', email: 'fay@example.com' };

  test('default to the role AGENT and to their name as displayName', async () => {
    const { result } = await run('createUser', { name, email: 'FAY@example.com' });
    expect(result).toMatchObject({ name, displayName: name, email, role: 'AGENT', avatarUrl: null });
  });

  test('have a unique email until they are deleted', async () => {
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

  test('of concurrent changes to the same email, one succeeds and the others get TAKEN', async () => {
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

  test('the last administrator can be neither deleted nor demoted', async () => {
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

  test('one of two administrators who concurrently delete or demote each other stays', async () => {
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
      // Both are cached as administrators before they begin.
      await gateway.ask(second, '{ viewer { identity { id } } }');
      const answers = await Promise.all([act(one, first, second.id), act(other, second, first.id)]);
      const outcomes = answers.map(
        ({ result, errors }) =>
          result?.issues?.[0].code ?? result?.__typename ?? errors?.[0]?.extensions?.code,
      );
      expect(outcomes.filter((outcome) => outcome === 'User')).toHaveLength(1);
      // The node may have noticed already that this one was deleted or demoted.
      expect(outcomes.find((outcome) => outcome !== 'User')).toMatch(/LAST_ADMIN|FORBIDDEN|UNAUTHENTICATED/);
      const where = { organizationId: organization.id, role: 'ADMIN' as const, removedAt: null };
      expect(await gateway.db.reads.user.count({ where })).toBe(1);
    }
  });

  test('a deleted user or bot is unauthenticated', async () => {
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

describe('setAvailability', () => {
  const set = (person: Person, input: object) =>
    mutate(gateway, person, {
      mutation: 'setAvailability',
      input,
      selected: '... on User { id availability }',
    });

  test('sets the availability of the viewer with one event; the same value again makes no event', async () => {
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

  test('is applied once for repeated requests with one idempotency key', async () => {
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

  test('is for users alone', async () => {
    for (const person of [organization.bot, organization.contact]) {
      const { result, errors } = await set(person, { availability: 'BUSY' });
      expect(result).toBeNull();
      expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    }
  });
});
