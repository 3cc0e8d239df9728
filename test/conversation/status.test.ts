import { beforeAll, describe, expect, test } from 'vitest';
import { unsnoozeDue } from '../../src/domain/conversation/unsnooze.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { openLiveSubscription, STATUSES } from '../support/live.ts';
import { cursorAt, eventsOf } from '../support/log.ts';
import {
  type ConversationState,
  createMutations,
  type Mutations,
  requireResult,
} from '../support/mutations.ts';
import { createOrganization, openConversation, type TestOrganization } from '../support/organization.ts';

const ALL = ['OPEN', 'PENDING', 'SNOOZED', 'RESOLVED', 'CLOSED', 'ABANDONED', 'SPAM'];

// Statuses that the team can set from each status, besides the same one.
const NEXT: Record<string, string[]> = {
  OPEN: ['PENDING', 'SNOOZED', 'RESOLVED', 'CLOSED', 'ABANDONED', 'SPAM'],
  PENDING: ['OPEN', 'SNOOZED', 'RESOLVED', 'CLOSED', 'ABANDONED', 'SPAM'],
  SNOOZED: ['OPEN', 'PENDING', 'RESOLVED', 'CLOSED', 'ABANDONED', 'SPAM'],
  RESOLVED: ['OPEN', 'PENDING', 'SNOOZED', 'CLOSED', 'ABANDONED', 'SPAM'],
  CLOSED: ['OPEN'],
  ABANDONED: ['OPEN', 'PENDING', 'SNOOZED', 'RESOLVED', 'CLOSED', 'SPAM'],
  SPAM: ['OPEN', 'PENDING', 'SNOOZED', 'RESOLVED', 'CLOSED', 'ABANDONED'],
};

const FAR = '2099-01-01T00:00:00.000Z';
const FARTHER = '2099-02-02T00:00:00.000Z';

let gateway: Gateway;
let changes: Mutations;
let organization: TestOrganization;

beforeAll(async () => {
  gateway = await startGateway();
  changes = createMutations(gateway);
  organization = await createOrganization(gateway);
});

const log = (conversationId: string) =>
  eventsOf(gateway, { organizationId: organization.id, conversationId });

function inputFor(status: string, snoozedUntil = FAR) {
  return status === 'SNOOZED' ? { status, snoozedUntil } : { status };
}

async function openWith(status: string): Promise<ConversationState> {
  const conversationId = await openConversation(gateway, organization);
  return requireResult(await changes.setStatus(organization.agent, { conversationId, ...inputFor(status) }));
}

describe('setConversationStatus', () => {
  for (const from of ALL) {
    test(`${from} can become ${NEXT[from]?.join(', ')}, and nothing else`, async () => {
      for (const to of ALL.filter((status) => status !== from)) {
        const before = await openWith(from);
        const { result: after, refusal } = await changes.setStatus(organization.agent, {
          conversationId: before.id,
          ...inputFor(to),
        });
        if (NEXT[from]?.includes(to)) {
          expect(after).toMatchObject({ status: to, version: (before.version ?? 0) + 1 });
        } else {
          expect(refusal).toMatchObject({ __typename: 'InvalidTransitionError', conversation: before });
          expect(await changes.read(organization.agent, before.id)).toEqual(before);
        }
      }
    });

    test(`allowedStatuses lists the transitions from ${from}`, async () => {
      const { allowedStatuses } = await openWith(from);
      const again = from === 'SNOOZED' ? ['SNOOZED'] : [];
      expect([...allowedStatuses].sort()).toEqual([...(NEXT[from] ?? []), ...again].sort());
    });

    test(`a contact can set ${from} only to RESOLVED`, async () => {
      const { id: conversationId } = await openWith(from);
      const before = await changes.read(organization.agent, conversationId);
      const isAllowed = NEXT[from]?.includes('RESOLVED') === true;
      const own = await changes.read(organization.contact, conversationId);
      expect(own.allowedStatuses).toEqual(isAllowed ? ['RESOLVED'] : []);

      for (const to of ALL.filter((status) => status !== 'RESOLVED' && status !== from)) {
        const { refusal } = await changes.setStatus(organization.contact, {
          conversationId,
          ...inputFor(to),
        });
        expect(refusal).toMatchObject({
          __typename: 'InvalidTransitionError',
          conversation: { id: conversationId, status: from },
        });
      }
      expect(await changes.read(organization.agent, conversationId)).toEqual(before);

      const { result: after } = await changes.setStatus(organization.contact, {
        conversationId,
        status: 'RESOLVED',
      });
      expect(after?.status).toBe(isAllowed || from === 'RESOLVED' ? 'RESOLVED' : undefined);
    });
  }

  test('logs one event with actor, before and after, at the position of the returned cursor', async () => {
    const conversationId = await openConversation(gateway, organization);
    const { cursor } = await changes.setStatus(organization.bot, { conversationId, status: 'PENDING' });
    const [created, changed, ...others] = await log(conversationId);
    expect(others).toEqual([]);
    expect(changed).toMatchObject({
      type: 'STATUS_CHANGED',
      actorId: organization.bot.id,
      position: (created?.position ?? 0) + 1,
      isPublic: true,
      changes: [{ field: 'status', before: 'OPEN', after: 'PENDING' }],
    });
    expect(cursor).toBe(await cursorAt(gateway, organization.id, changed?.position ?? 0));
  });

  test('rejects expectedVersion from a contact', async () => {
    const { id: conversationId } = await openWith('PENDING');
    const input = { conversationId, status: 'RESOLVED', expectedVersion: 1 };
    const { refusal } = await changes.setStatus(organization.contact, input);
    expect(refusal).toMatchObject({
      __typename: 'InvalidInputError',
      issues: [{ code: 'NOT_ALLOWED', path: ['input', 'expectedVersion'] }],
    });
    expect(await log(conversationId)).toHaveLength(2);
  });

  test('the same status creates no version and no event', async () => {
    const before = await openWith('PENDING');
    expect(
      requireResult(
        await changes.setStatus(organization.agent, { conversationId: before.id, status: 'PENDING' }),
      ),
    ).toEqual(before);
    expect(await log(before.id)).toHaveLength(2);
  });

  test('RESOLVED sets resolvedAt and clears waitingSince; reopening increments reopenedCount', async () => {
    const conversationId = await openConversation(gateway, organization);
    await changes.send(organization.contact, { conversationId, content: 'Hello?' });
    const { agent } = organization;
    const resolved = requireResult(await changes.setStatus(agent, { conversationId, status: 'RESOLVED' }));
    expect(resolved).toMatchObject({ resolvedAt: resolved.updatedAt, waitingSince: null, reopenedCount: 0 });

    const closed = requireResult(await changes.setStatus(agent, { conversationId, status: 'CLOSED' }));
    expect(closed).toMatchObject({ resolvedAt: resolved.resolvedAt, reopenedCount: 0 });

    const reopened = requireResult(await changes.setStatus(agent, { conversationId, status: 'OPEN' }));
    expect(reopened).toMatchObject({ resolvedAt: null, waitingSince: null, reopenedCount: 1 });
  });
});

describe('SNOOZED', () => {
  test('requires snoozedUntil in the future; other statuses reject snoozedUntil', async () => {
    const { agent } = organization;
    const conversationId = await openConversation(gateway, organization);
    const past = new Date(Date.now() - 60_000).toISOString();
    for (const [input, code] of [
      [{ status: 'SNOOZED' }, 'REQUIRED'],
      [{ status: 'SNOOZED', snoozedUntil: null }, 'REQUIRED'],
      [{ status: 'SNOOZED', snoozedUntil: past }, 'NOT_IN_THE_FUTURE'],
      [{ status: 'PENDING', snoozedUntil: FAR }, 'NOT_ALLOWED'],
    ] as const) {
      const { refusal } = await changes.setStatus(agent, { conversationId, ...input });
      expect(refusal).toMatchObject({
        __typename: 'InvalidInputError',
        issues: [{ code, path: ['input', 'snoozedUntil'] }],
      });
    }
    expect(await log(conversationId)).toHaveLength(1);
  });

  test('snoozedUntil is visible to the team and hidden from the contact', async () => {
    const { id } = await openWith('SNOOZED');
    expect(await changes.read(organization.agent, id)).toMatchObject({
      status: 'SNOOZED',
      snoozedUntil: FAR,
    });
    expect(await changes.read(organization.contact, id)).toMatchObject({
      status: 'SNOOZED',
      snoozedUntil: null,
    });
    expect((await log(id)).at(-1)?.changes).toEqual([
      { field: 'status', before: 'OPEN', after: 'SNOOZED' },
      { field: 'snoozedUntil', before: null, after: FAR },
    ]);
  });

  test('a new snoozedUntil is a change that is hidden from the contact', async () => {
    const before = await openWith('SNOOZED');
    const conversationId = before.id;
    const after = requireResult(
      await changes.setStatus(organization.agent, {
        conversationId,
        status: 'SNOOZED',
        snoozedUntil: FARTHER,
      }),
    );
    expect(after).toMatchObject({ snoozedUntil: FARTHER, version: 3, updatedAt: before.updatedAt });
    expect((await log(conversationId)).at(-1)).toMatchObject({
      isPublic: false,
      changes: [{ field: 'snoozedUntil', before: FAR, after: FARTHER }],
    });
  });

  test('a contact can not change snoozedUntil', async () => {
    const before = await openWith('SNOOZED');
    const { refusal } = await changes.setStatus(organization.contact, {
      conversationId: before.id,
      status: 'SNOOZED',
      snoozedUntil: FARTHER,
    });
    expect(refusal).toMatchObject({ __typename: 'InvalidTransitionError' });
    expect(await changes.read(organization.agent, before.id)).toEqual(before);
  });

  test('another status clears snoozedUntil', async () => {
    const { id: conversationId } = await openWith('SNOOZED');
    const after = requireResult(
      await changes.setStatus(organization.agent, { conversationId, status: 'PENDING' }),
    );
    expect(after).toMatchObject({ status: 'PENDING', snoozedUntil: null });
  });

  test('reopens once when snoozedUntil has passed, and all subscribers receive the event', async () => {
    const conversationId = await openConversation(gateway, organization);
    const live = await openLiveSubscription(gateway, organization.colleague, {
      query: STATUSES,
      conversationId,
    });
    requireResult(await changes.setStatus(organization.agent, { conversationId, ...inputFor('SNOOZED') }));
    expect(await live.event()).toMatchObject({
      conversation: { id: conversationId },
      actor: { id: organization.agent.id },
    });

    await unsnoozeDue(gateway);
    const snoozedUntil = new Date('2026-01-01T00:00:00Z');
    await gateway.db.writes.conversation.update({ where: { id: conversationId }, data: { snoozedUntil } });
    // Two runs at once, as of two nodes, besides the job of the gateway.
    await Promise.all([unsnoozeDue(gateway), unsnoozeDue(gateway)]);
    expect(await live.event()).toMatchObject({
      type: 'STATUS_CHANGED',
      actor: null,
      changes: [
        { field: 'status', before: 'SNOOZED', after: 'OPEN' },
        { field: 'snoozedUntil', before: snoozedUntil.toISOString(), after: null },
      ],
      conversation: { id: conversationId, status: 'OPEN', version: 3 },
    });

    requireResult(await changes.setStatus(organization.agent, { conversationId, status: 'RESOLVED' }));
    expect(await live.event()).toMatchObject({ changes: [{ before: 'OPEN', after: 'RESOLVED' }] });
  });
});
