import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newId } from '../../src/ids.ts';
import { createBulkUpdates } from '../support/bulk-update.ts';
import { readConversation } from '../support/conversation-mutations.ts';
import { footprintOf } from '../support/footprint.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { openLiveSubscription, STATUSES } from '../support/live.ts';
import { cursorAt, eventsOf, stateOf } from '../support/log.ts';
import type { Person } from '../support/mutations.ts';
import { createOrganization, openConversation, type TestOrganization } from '../support/organization.ts';

const FAR = '2099-01-01T00:00:00.000Z';

let gateway: Gateway;
let organization: TestOrganization;
let conversationIds: string[];

beforeAll(async () => {
  gateway = await startGateway();
});

beforeEach(async () => {
  organization = await createOrganization(gateway);
  conversationIds = [];
  for (const name of ['A', 'B', 'C'])
    conversationIds.push(await openConversation(gateway, organization, { name }));
});

const update = (input: object, person: Person = organization.agent) =>
  createBulkUpdates(gateway).update(person, { conversationIds, ...input });
const results = (input: object, person: Person = organization.agent) =>
  createBulkUpdates(gateway).results(person, { conversationIds, ...input });
const log = async (conversationId: string | undefined) =>
  eventsOf(gateway, { organizationId: organization.id, conversationId: conversationId ?? '' });

describe('updateConversations', () => {
  test('changes each conversation in input order, with one event each', async () => {
    const { colleague, agent } = organization;
    conversationIds.reverse();
    const changed = await results({
      status: 'SNOOZED',
      snoozedUntil: FAR,
      ownerId: colleague.id,
      priority: 'HIGH',
      addLabels: ['vip'],
    });
    expect(changed).toEqual(
      conversationIds.map((id) => ({
        __typename: 'Conversation',
        id,
        status: 'SNOOZED',
        snoozedUntil: FAR,
        priority: 'HIGH',
        labels: ['vip'],
        owner: { id: colleague.id },
        members: [{ user: { id: colleague.id } }],
        version: 2,
      })),
    );
    for (const id of conversationIds) {
      const [, event, ...others] = await log(id);
      expect(others).toEqual([]);
      expect(event).toMatchObject({
        type: 'UPDATED',
        actorId: agent.id,
        subjectId: colleague.id,
        isPublic: true,
      });
      expect(event?.changes).toEqual([
        { field: 'status', before: 'OPEN', after: 'SNOOZED' },
        { field: 'priority', before: null, after: 'HIGH' },
        { field: 'snoozedUntil', before: null, after: FAR },
        { field: 'owner', before: null, after: colleague.id },
        { field: 'labels', before: [], after: ['vip'] },
        { field: 'members', before: null, after: colleague.id },
      ]);
    }
  });

  test.each([
    [{ status: 'PENDING' }, 'STATUS_CHANGED', true],
    [{ priority: 'LOW' }, 'PRIORITY_CHANGED', false],
    [{ addLabels: ['a'], removeLabels: ['b'] }, 'LABELS_CHANGED', false],
    [{ status: 'OPEN', priority: 'LOW' }, 'PRIORITY_CHANGED', false],
    [{ status: 'PENDING', priority: 'LOW' }, 'UPDATED', true],
  ])('a change of one kind (%j) is logged as %s', async (input, type, isPublic) => {
    await results(input);
    for (const id of conversationIds) expect((await log(id)).at(-1)).toMatchObject({ type, isPublic });
  });

  test('assigns the owner and replaces the previous owner', async () => {
    const { agent } = organization;
    await results({ ownerId: agent.id });
    expect((await log(conversationIds[0])).at(-1)).toMatchObject({ type: 'ASSIGNED', subjectId: agent.id });
    const changed = await results({ ownerId: null });
    expect(changed.map(({ owner, members }) => [owner, members])).toEqual(
      conversationIds.map(() => [null, [{ user: { id: agent.id } }]]),
    );
    expect(await results({ priority: 'LOW' })).toMatchObject([{ owner: null }, {}, {}]);
    await results({ ownerId: agent.id });
    expect(await results({ priority: null })).toMatchObject([
      { owner: { id: agent.id }, priority: null },
      {},
      {},
    ]);
  });

  test('a refused conversation does not stop the others', async () => {
    const [first = '', second = '', third = ''] = conversationIds;
    const { agent } = organization;
    await gateway.ask(
      agent,
      `mutation { setConversationStatus(input: { conversationId: "${second}", status: CLOSED }) { __typename } }`,
    );
    const full = Array.from({ length: 50 }, (_, index) => `${index}`);
    const labelled = await openConversation(gateway, organization, { labels: full });
    const unknown = newId('Conversation');
    conversationIds = [unknown, first, second, labelled, third];
    const changed = await results({ status: 'PENDING', addLabels: ['x'] });
    expect(changed).toMatchObject([
      {
        __typename: 'NotFoundError',
        message: `There is no conversation for input.conversationIds "${unknown}". Check the id; it may also have been removed, or you may not see it.`,
      },
      { __typename: 'Conversation', id: first, status: 'PENDING' },
      { __typename: 'InvalidTransitionError', conversation: { id: second, status: 'CLOSED' } },
      { __typename: 'InvalidInputError', issues: [{ code: 'TOO_MANY', path: ['input', 'addLabels'] }] },
      { __typename: 'Conversation', id: third, status: 'PENDING' },
    ]);
    expect(await readConversation(gateway, agent, second)).toMatchObject({ status: 'CLOSED', labels: [] });
    expect(await readConversation(gateway, agent, labelled)).toMatchObject({ status: 'OPEN', version: 1 });
  });

  test('reports errors that depend on stored data per conversation', async () => {
    const before = await footprintOf(gateway, organization.id);
    const stranger = (await createOrganization(gateway)).agent;
    for (const changed of await results({ ownerId: stranger.id })) {
      expect(changed).toEqual({
        __typename: 'NotFoundError',
        message: `There is no user for input.ownerId "${stranger.id}". Check the id; it may also have been removed, or you may not see it.`,
      });
    }
    const past = new Date(Date.now() - 60_000).toISOString();
    for (const changed of await results({ status: 'SNOOZED', snoozedUntil: past })) {
      expect(changed).toMatchObject({
        issues: [{ code: 'NOT_IN_THE_FUTURE', path: ['input', 'snoozedUntil'] }],
      });
    }
    for (const changed of await results({ status: 'SPAM' }, stranger)) {
      expect(changed).toMatchObject({ __typename: 'NotFoundError' });
    }
    expect(await footprintOf(gateway, organization.id)).toEqual(before);
  });

  test('unchanged conversations get no new version and no event', async () => {
    const before = await results({ status: 'PENDING', addLabels: ['a'] });
    const { head } = await stateOf(gateway, organization.id);
    expect(await results({ status: 'PENDING', addLabels: ['a'], removeLabels: ['b'] })).toEqual(before);
    expect((await stateOf(gateway, organization.id)).head).toBe(head);
  });

  test('reloads all conversations in one statement', async () => {
    const reads = async () => {
      gateway.statements();
      await results({ priority: 'LOW' });
      await results({ priority: 'LOW' });
      return gateway
        .statements()
        .filter((sql) => /SELECT .*"labels"/.test(sql) && !sql.includes('FOR NO KEY'));
    };
    expect(await reads()).toHaveLength(2);
  });

  test('returns the cursor of the last change', async () => {
    const { extensions } = await update({ priority: 'LOW' });
    const { head } = await stateOf(gateway, organization.id);
    expect(extensions).toEqual({ cursor: await cursorAt(gateway, organization.id, head) });
  });

  test.each([
    [{ conversationIds: [], priority: 'LOW' }, 'conversationIds', 'REQUIRED'],
    [
      { conversationIds: Array.from({ length: 101 }, (_, i) => `CVR-${i}`), priority: 'LOW' },
      'conversationIds',
      'TOO_MANY',
    ],
    [{ conversationIds: ['CVR-1', 'CVR-2', 'CVR-1'], priority: 'LOW' }, 'conversationIds.2', 'DUPLICATE'],
    [{}, 'status', 'REQUIRED'],
    [{ status: null, addLabels: [], removeLabels: null }, 'status', 'REQUIRED'],
    [{ status: 'SNOOZED' }, 'snoozedUntil', 'REQUIRED'],
    [{ status: 'OPEN', snoozedUntil: FAR }, 'snoozedUntil', 'NOT_ALLOWED'],
    [{ priority: 'LOW', snoozedUntil: FAR }, 'snoozedUntil', 'NOT_ALLOWED'],
    [{ addLabels: [' '] }, 'addLabels.0', 'REQUIRED'],
    [{ removeLabels: ['x'.repeat(101)] }, 'removeLabels.0', 'TOO_LONG'],
    [{ addLabels: ['a'], removeLabels: ['a'] }, 'removeLabels.0', 'CONTRADICTION'],
    [{ priority: 'LOW', idempotencyKey: '' }, 'idempotencyKey', 'REQUIRED'],
  ])('rejects an invalid input as a whole: %#', async (input, path, code) => {
    const before = await footprintOf(gateway, organization.id);
    const { changed, errors } = await update(input);
    expect(errors).toBeUndefined();
    expect(changed).toMatchObject({
      __typename: 'InvalidInputError',
      issues: [{ code, path: ['input', ...path.split('.')] }],
    });
    expect(await footprintOf(gateway, organization.id)).toEqual(before);
  });

  test('accepts at most 100 ids', async () => {
    for (let count = conversationIds.length; count < 100; count++) {
      conversationIds.push(await openConversation(gateway, organization));
    }
    const changed = await results({ addLabels: ['all'] });
    expect(changed.map(({ id, labels }) => [id, labels])).toEqual(conversationIds.map((id) => [id, ['all']]));
  });

  test('is allowed for users and bots, forbidden for contacts', async () => {
    const { changed, errors } = await update({ status: 'RESOLVED' }, organization.contact);
    expect(changed).toBeNull();
    expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(['FORBIDDEN']);
    expect(await results({ status: 'RESOLVED' }, organization.bot)).toMatchObject([{ version: 2 }, {}, {}]);
  });
});

test('conversationStatusChanged delivers combined changes that include the status, and no others', async () => {
  const { agent, contact } = organization;
  const forTeam = await openLiveSubscription(gateway, organization.colleague, { query: STATUSES });
  const forContact = await openLiveSubscription(gateway, contact, { query: STATUSES });
  conversationIds = conversationIds.slice(0, 1);
  await results({ priority: 'LOW', addLabels: ['a'] });
  await results({ status: 'PENDING', addLabels: ['b'], ownerId: agent.id });
  await results({ status: 'SNOOZED', snoozedUntil: FAR, priority: 'HIGH' });
  // Only snoozedUntil changes, not the status.
  await results({ status: 'SNOOZED', snoozedUntil: '2099-02-02T00:00:00.000Z' });
  await results({ status: 'RESOLVED' });
  const fields = (changes: { field: string }[] | undefined) => changes?.map(({ field }) => field);

  for (const [live, expected] of [
    [
      forTeam,
      [
        ['UPDATED', ['status', 'owner', 'labels', 'members']],
        ['UPDATED', ['status', 'priority', 'snoozedUntil']],
        ['STATUS_CHANGED', ['status', 'snoozedUntil']],
      ],
    ],
    [
      forContact,
      [
        ['UPDATED', ['status', 'owner']],
        ['UPDATED', ['status']],
        ['STATUS_CHANGED', ['status']],
      ],
    ],
  ] as const) {
    for (const [type, names] of expected) {
      const event = await live.event();
      expect([event.type, fields(event.changes)]).toEqual([type, names]);
    }
  }
});
