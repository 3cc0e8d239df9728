import { describe, expect, test } from 'vitest';
import { expectChanged, expectForbidden, expectRefused } from '../support/conversation-mutations.ts';
import { useConversation } from '../support/conversation-scene.ts';
import { createOrganization } from '../support/organization.ts';

const scene = useConversation({ labels: ['old', 'vip'] });

const label = (input: object) => scene.mutate('setConversationLabels', scene.organization.agent, input);

describe('setConversationLabels', () => {
  test('appends and removes labels, in an event that is hidden from the contact', async () => {
    const { contact, agent } = scene.organization;
    const before = await scene.read(contact);
    expect(before.labels).toBeNull();
    expect(await expectChanged(label({ add: ['new'], remove: ['old'] }))).toMatchObject({
      labels: ['vip', 'new'],
      version: 2,
    });
    expect(await scene.lastEvent()).toMatchObject({
      type: 'LABELS_CHANGED',
      actorId: agent.id,
      isPublic: false,
      changes: [{ field: 'labels', before: ['old', 'vip'], after: ['vip', 'new'] }],
    });
    expect(await scene.read(contact)).toEqual(before);
  });

  test('trims and deduplicates labels', async () => {
    expect(await expectChanged(label({ add: [' a ', 'a', 'vip ', 'b'], remove: [' old'] }))).toMatchObject({
      labels: ['vip', 'a', 'b'],
    });
    await scene.open({ labels: [' x', 'x '] });
    expect(await scene.read(scene.organization.agent)).toMatchObject({
      labels: ['x'],
    });
  });

  test.each([{}, { add: [] }, { add: null, remove: null }, { add: ['vip', 'old'] }, { remove: ['other'] }])(
    '%j changes nothing: no version, no event',
    async (input) => {
      const before = await scene.read(scene.organization.agent);
      expect(await expectChanged(label(input))).toEqual(before);
      expect(await scene.events()).toHaveLength(1);
    },
  );

  test('concurrent additions and removals are all applied', async () => {
    const names = Array.from({ length: 8 }, (_, index) => `label ${index}`);
    await Promise.all([
      ...names.map((name) => expectChanged(label({ add: [name] }))),
      expectChanged(label({ remove: ['old'] })),
    ]);
    const { labels, version } = await scene.read(scene.organization.agent);
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
    expect(await expectRefused(scene.gateway, scene.organization.agent, () => label(input))).toMatchObject({
      __typename: 'InvalidInputError',
      issues: [{ code, path }],
    });
  });

  test('allows at most 50 labels after the change, counting removals', async () => {
    const labels = Array.from({ length: 50 }, (_, index) => `${index}`);
    await scene.open({ labels });
    expect(
      await expectRefused(scene.gateway, scene.organization.agent, () => label({ add: ['more'] })),
    ).toMatchObject({
      issues: [{ code: 'TOO_MANY', path: ['input', 'add'], message: expect.stringContaining('at most 50') }],
    });
    const exchanged = await expectChanged(label({ add: ['more'], remove: ['0'] }));
    expect(exchanged.labels).toHaveLength(50);
  });
});

describe('setConversationPriority', () => {
  const prioritize = (input: object) =>
    scene.mutate('setConversationPriority', scene.organization.agent, input);

  test('sets and clears the priority, in events that are hidden from the contact', async () => {
    const { contact, agent } = scene.organization;
    const before = await scene.read(contact);
    expect(await expectChanged(prioritize({ priority: 'URGENT', expectedVersion: 1 }))).toMatchObject({
      priority: 'URGENT',
      version: 2,
    });
    expect(await scene.lastEvent()).toMatchObject({
      type: 'PRIORITY_CHANGED',
      actorId: agent.id,
      isPublic: false,
      changes: [{ field: 'priority', before: null, after: 'URGENT' }],
    });
    expect(await scene.read(contact)).toEqual(before);
    expect(await expectChanged(prioritize({ priority: null }))).toMatchObject({ priority: null, version: 3 });
    expect((await scene.lastEvent())?.changes).toEqual([
      { field: 'priority', before: 'URGENT', after: null },
    ]);
  });

  test('the same priority creates no version and no event', async () => {
    const before = await expectChanged(prioritize({ priority: 'LOW' }));
    expect(await expectChanged(prioritize({ priority: 'LOW' }))).toEqual(before);
    expect(await scene.events()).toHaveLength(2);
  });

  test('is refused when somebody was faster', async () => {
    await expectChanged(label({ add: ['faster'] }));
    const ask = () => prioritize({ priority: 'LOW', expectedVersion: 1 });
    expect(await expectRefused(scene.gateway, scene.organization.agent, ask)).toMatchObject({
      __typename: 'VersionConflictError',
      conversation: { version: 2, labels: ['old', 'vip', 'faster'] },
    });
  });
});

test('labels and priority are allowed for users and bots of the same organization', async () => {
  const { contact, bot } = scene.organization;
  const stranger = (await createOrganization(scene.gateway)).agent;
  for (const [mutation, input] of [
    ['setConversationLabels', { add: ['x'] }],
    ['setConversationPriority', { priority: 'HIGH' }],
  ] as const) {
    expect(await expectForbidden(scene.gateway, contact, () => scene.mutate(mutation, contact, input))).toBe(
      'FORBIDDEN',
    );
    expect(
      await expectRefused(scene.gateway, stranger, () => scene.mutate(mutation, stranger, input)),
    ).toMatchObject({
      __typename: 'NotFoundError',
    });
    await expectChanged(scene.mutate(mutation, bot, input));
  }
});
