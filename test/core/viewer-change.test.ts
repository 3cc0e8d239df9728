import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createViewers, type Viewers } from '../../src/domain/core/viewer.ts';
import { createViewerChanges, type ViewerChange } from '../../src/domain/core/viewer-change.ts';
import type { FieldChange } from '../../src/feed/event.ts';
import { createLog } from '../../src/log.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { mutate } from '../support/mutate.ts';
import { createOrganization, type TestOrganization } from '../support/organization.ts';
import { createUnreliableBus } from '../support/unreliable-bus.ts';

let gateway: Gateway;
let organization: TestOrganization;

beforeAll(async () => {
  gateway = await startGateway();
});

beforeEach(async () => {
  organization = await createOrganization(gateway);
  // The clock stands still, so that nothing is forgotten because of its age.
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
});

afterEach(() => {
  vi.useRealTimers();
});

const WHO = '{ viewer { identity { id } } }';

describe('on the node of the change, the next operation of the viewer is judged by it, without any subscription', () => {
  const asAdmin = async (mutation: string, input: object) => {
    const { result } = await mutate(gateway, organization.admin, { mutation, input, selected: '' });
    if (!result || 'message' in result) throw new Error(JSON.stringify(result));
  };
  const codeOf = async (...args: Parameters<Gateway['ask']>) =>
    (await gateway.ask(...args)).errors?.[0]?.extensions?.code;

  test('a deleted user or bot', async () => {
    const { colleague, bot } = organization;
    for (const [mutation, person, input] of [
      ['deleteUser', colleague, { userId: colleague.id }],
      ['deleteBot', bot, { botId: bot.id }],
    ] as const) {
      expect(await codeOf(person, WHO)).toBeUndefined();
      await asAdmin(mutation, input);
      expect(await codeOf(person, WHO)).toBe('UNAUTHENTICATED');
    }
  });

  test('a user who became an administrator, and is none any more', async () => {
    const { colleague } = organization;
    const create = async (name: string) => {
      const input = { name };
      return (await mutate(gateway, colleague, { mutation: 'createBot', input, selected: '' })).errors?.[0]
        ?.extensions?.code;
    };
    expect(await create('One')).toBe('FORBIDDEN');
    await asAdmin('updateUser', { userId: colleague.id, role: 'ADMIN' });
    expect(await create('Two')).toBeUndefined();
    await asAdmin('updateUser', { userId: colleague.id, role: 'AGENT' });
    expect(await create('Three')).toBe('FORBIDDEN');
  });
});

function startNode(bus: ReturnType<typeof createUnreliableBus>['bus']) {
  const viewers = createViewers({ db: gateway.db, bus });
  const changes = createViewerChanges({ bus, viewers, log: createLog('silent') });
  return { viewers, changes };
}

const isAdmin = async (viewers: Viewers) => {
  const { admin, id } = organization;
  return (await viewers.requireViewer({ sub: admin.id, org: id })).isAdmin;
};

/** Demotes the administrator without telling anybody. */
function demote() {
  const where = { id: organization.admin.id };
  return gateway.db.writes.user.update({ where, data: { role: 'AGENT' } });
}

function eventOf(change: FieldChange, more: { type?: 'USER_CHANGED' | 'CONTACT_CHANGED' } = {}) {
  const { admin, id } = organization;
  const type = 'USER_CHANGED' as const;
  return { organizationId: id, type, subjectId: admin.id, contactId: admin.id, changes: [change], ...more };
}

describe('other nodes', () => {
  test('forget a viewer whose rights have changed, and are told whether access was lost', async () => {
    const { bus } = createUnreliableBus();
    const [near, far] = [startNode(createUnreliableBus().bus), startNode(bus)];
    const publisher = createViewerChanges({ bus, viewers: near.viewers, log: createLog('silent') });
    await far.changes.start();
    const revoked: ViewerChange[] = [];
    far.changes.onRevoked((change) => revoked.push(change));
    expect(await isAdmin(far.viewers)).toBe(true);
    await demote();
    publisher.announce([eventOf({ field: 'name', before: 'a', after: 'b' })]);
    expect(await isAdmin(far.viewers)).toBe(true);
    publisher.announce([eventOf({ field: 'role', before: 'ADMIN', after: 'AGENT' })]);
    expect(await isAdmin(far.viewers)).toBe(false);
    expect(revoked).toEqual([]);
    publisher.announce([
      eventOf({ field: 'removedAt', before: null, after: '2026-01-01T00:00:00Z' }),
      eventOf({ field: 'blocked', before: false, after: true }, { type: 'CONTACT_CHANGED' }),
      eventOf({ field: 'blocked', before: true, after: false }, { type: 'CONTACT_CHANGED' }),
    ]);
    const { admin, id } = organization;
    const lost = { organizationId: id, viewerId: admin.id, isRevoked: true };
    expect(revoked).toEqual([lost, lost]);
  });

  test('forget all viewers when messages may have been lost, or one can not be read', async () => {
    const { bus, restore, babble } = createUnreliableBus();
    const { viewers, changes } = startNode(bus);
    await changes.start();
    for (const loss of [restore, () => babble('{"viewerId": 5}'), () => babble('nonsense')]) {
      const where = { id: organization.admin.id };
      await gateway.db.writes.user.update({ where, data: { role: 'ADMIN' } });
      viewers.forgetAll();
      expect(await isAdmin(viewers)).toBe(true);
      await demote();
      expect(await isAdmin(viewers)).toBe(true);
      loss();
      expect(await isAdmin(viewers)).toBe(false);
    }
  });

  test.each([
    ['5 s where the bus has lost a message unnoticed', true, 5_000],
    ['1 s while the bus is away', false, 1_000],
  ])('remember a viewer for at most %s', async (_title, isUp, ttlMs) => {
    const viewers = createViewers({ db: gateway.db, bus: { isUp: () => isUp } });
    expect(await isAdmin(viewers)).toBe(true);
    await demote();
    vi.setSystemTime(Date.now() + ttlMs - 1);
    expect(await isAdmin(viewers)).toBe(true);
    vi.setSystemTime(Date.now() + 1);
    expect(await isAdmin(viewers)).toBe(false);
  });
});

test('a viewer is read again only where the last reading is older than was asked for', async () => {
  const viewers = createViewers({ db: gateway.db, bus: createUnreliableBus().bus });
  const { agent, id: org } = organization;
  const claims = { sub: agent.id, org };
  const first = await viewers.requireViewer(claims);
  const since = viewers.countLoads();
  expect(await viewers.requireViewer(claims)).toBe(first);
  const second = await viewers.requireViewer(claims, since);
  expect(second).not.toBe(first);
  expect(await viewers.requireViewer(claims, since)).toBe(second);
  viewers.forget(org, agent.id);
  expect(await viewers.requireViewer(claims, since)).not.toBe(second);
});
