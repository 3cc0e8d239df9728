import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  createMutate,
  expectChanged,
  expectForbidden,
  expectRefused,
  type Mutate,
  readConversation,
  readLastEvent,
} from '../support/conversation-mutations.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { eventsOf } from '../support/log.ts';
import { createOrganization, openConversation, type TestOrganization } from '../support/organization.ts';

let gateway: Gateway;
let mutate: Mutate;
let organization: TestOrganization;
let conversationId: string;

beforeAll(async () => {
  gateway = await startGateway();
  mutate = createMutate(gateway);
});

beforeEach(async () => {
  organization = await createOrganization(gateway);
  conversationId = await openConversation(gateway, organization, { labels: ['old', 'vip'] });
});

const log = () => eventsOf(gateway, { organizationId: organization.id, conversationId });
const last = () => readLastEvent(gateway, organization.id, conversationId);
const label = (input: object) =>
  mutate('setConversationLabels', organization.agent, { conversationId, ...input });

describe('setConversationLabels', () => {
  test('appends and removes labels, in an event that is hidden from the contact', async () => {
    const { contact, agent } = organization;
    const before = await readConversation(gateway, contact, conversationId);
    expect(before.labels).toBeNull();
    expect(await expectChanged(label({ add: ['new'], remove: ['old'] }))).toMatchObject({
      labels: ['vip', 'new'],
      version: 2,
    });
    expect(await last()).toMatchObject({
      type: 'LABELS_CHANGED',
      actorId: agent.id,
      isPublic: false,
      changes: [{ field: 'labels', before: ['old', 'vip'], after: ['vip', 'new'] }],
    });
    expect(await readConversation(gateway, contact, conversationId)).toEqual(before);
  });

  test('trims and deduplicates labels', async () => {
    expect(await expectChanged(label({ add: [' a ', 'a', 'vip ', 'b'], remove: [' old'] }))).toMatchObject({
      labels: ['vip', 'a', 'b'],
    });
    conversationId = await openConversation(gateway, organization, { labels: [' x', 'x '] });
    expect(await readConversation(gateway, organization.agent, conversationId)).toMatchObject({
      labels: ['x'],
    });
  });

  test.each([{}, { add: [] }, { add: null, remove: null }, { add: ['vip', 'old'] }, { remove: ['other'] }])(
    '%j changes nothing: no version, no event',
    async (input) => {
      const before = await readConversation(gateway, organization.agent, conversationId);
      expect(await expectChanged(label(input))).toEqual(before);
      expect(await log()).toHaveLength(1);
    },
  );

  test('concurrent additions and removals are all applied', async () => {
    const names = Array.from({ length: 8 }, (_, index) => `label ${index}`);
    await Promise.all([
      ...names.map((name) => expectChanged(label({ add: [name] }))),
      expectChanged(label({ remove: ['old'] })),
    ]);
    const { labels, version } = await readConversation(gateway, organization.agent, conversationId);
    expect([...labels].sort()).toEqual([...names, 'vip']);
    expect(version).toBe(10);
  });

  test.each([
    [{ add: ['ok', ' '] }, ['input', 'add', '1'], 'REQUIRED'],
    [{ remove: [''] }, ['input', 'remove', '0'], 'REQUIRED'],
    [{ add: ['x'.repeat(101)] }, ['input', 'add', '0'], 'TOO_LONG'],
    [{ add: Array.from({ length: 51 }, (_, index) => `${index}`) }, ['input', 'add'], 'TOO_MANY'],
    [{ add: ['a', 'b'], remove: ['c', ' b '] }, ['input', 'remove', '1'], 'CONTRADICTION'],
  ])('rejects invalid labels: %j', async (input, path, code) => {
    expect(await expectRefused(gateway, organization.agent, () => label(input))).toMatchObject({
      __typename: 'InvalidInputError',
      issues: [{ code, path }],
    });
  });

  test('allows at most 50 labels after the change, counting removals', async () => {
    const labels = Array.from({ length: 50 }, (_, index) => `${index}`);
    conversationId = await openConversation(gateway, organization, { labels });
    expect(await expectRefused(gateway, organization.agent, () => label({ add: ['more'] }))).toMatchObject({
      issues: [{ code: 'TOO_MANY', path: ['input', 'add'], message: expect.stringContaining('at most 50') }],
    });
    const exchanged = await expectChanged(label({ add: ['more'], remove: ['0'] }));
    expect(exchanged.labels).toHaveLength(50);
  });
});

describe('setConversationPriority', () => {
  const prioritize = (input: object) =>
    mutate('setConversationPriority', organization.agent, { conversationId, ...input });

  test('sets and clears the priority, in events that are hidden from the contact', async () => {
    const { contact, agent } = organization;
    const before = await readConversation(gateway, contact, conversationId);
    expect(await expectChanged(prioritize({ priority: 'URGENT', expectedVersion: 1 }))).toMatchObject({
      priority: 'URGENT',
      version: 2,
    });
    expect(await last()).toMatchObject({
      type: 'PRIORITY_CHANGED',
      actorId: agent.id,
      isPublic: false,
      changes: [{ field: 'priority', before: null, after: 'URGENT' }],
    });
    expect(await readConversation(gateway, contact, conversationId)).toEqual(before);
    expect(await expectChanged(prioritize({ priority: null }))).toMatchObject({ priority: null, version: 3 });
    expect((await last())?.changes).toEqual([{ field: 'priority', before: 'URGENT', after: null }]);
  });

  test('the same priority creates no version and no event', async () => {
    const before = await expectChanged(prioritize({ priority: 'LOW' }));
    expect(await expectChanged(prioritize({ priority: 'LOW' }))).toEqual(before);
    expect(await log()).toHaveLength(2);
  });

  test('is refused when somebody was faster', async () => {
    await expectChanged(label({ add: ['faster'] }));
    const ask = () => prioritize({ priority: 'LOW', expectedVersion: 1 });
    expect(await expectRefused(gateway, organization.agent, ask)).toMatchObject({
      __typename: 'VersionConflictError',
      conversation: { version: 2, labels: ['old', 'vip', 'faster'] },
    });
  });
});

test('labels and priority are allowed for users and bots of the same organization', async () => {
  const { contact, bot } = organization;
  const stranger = (await createOrganization(gateway)).agent;
  for (const [mutation, input] of [
    ['setConversationLabels', { conversationId, add: ['x'] }],
    ['setConversationPriority', { conversationId, priority: 'HIGH' }],
  ] as const) {
    expect(await expectForbidden(gateway, contact, () => mutate(mutation, contact, input))).toBe('FORBIDDEN');
    expect(await expectRefused(gateway, stranger, () => mutate(mutation, stranger, input))).toMatchObject({
      __typename: 'NotFoundError',
    });
    await expectChanged(mutate(mutation, bot, input));
  }
});
