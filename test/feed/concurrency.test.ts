import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTransact } from '../../src/db/transaction.ts';
import type { Author } from '../../src/feed/event.ts';
import { appendEvents } from '../../src/feed/log.ts';
import { expectConsistent } from '../support/consistency.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { MESSAGES, openLiveSubscription } from '../support/live.ts';
import { cursorAt, eventsOf } from '../support/log.ts';
import {
  createMutations,
  type MutationOutcome,
  type Mutations,
  requireResult,
} from '../support/mutations.ts';
import { createOrganization, openConversation, type TestOrganization } from '../support/organization.ts';
import { times } from '../support/times.ts';

const WRITERS = 32;

let gateway: Gateway;
let changes: Mutations;
let organization: TestOrganization;
let conversationId: string;

beforeAll(async () => {
  gateway = await startGateway();
  changes = createMutations(gateway);
});

beforeEach(async () => {
  organization = await createOrganization(gateway);
  conversationId = await openConversation(gateway, organization);
});

/** Runs all writers concurrently, and expects no errors; refusals are allowed. */
async function atOnce(writers: (() => Promise<MutationOutcome<unknown>>)[]) {
  const answers = await Promise.all(writers.map((write) => write()));
  expect(answers.flatMap(({ errors = [] }) => errors)).toEqual([]);
  return answers;
}

describe(`${WRITERS} concurrent writers`, () => {
  test('in one conversation: every message gets its own number, and none is lost', async () => {
    const { agent, colleague, bot, contact } = organization;
    const senders = [agent, contact, bot, colleague];
    const answers = await atOnce(
      times(WRITERS, (index) => () => {
        const sender = senders[index % senders.length] ?? agent;
        return changes.send(sender, { conversationId, content: `${index}`, isPrivate: index % 8 === 0 });
      }),
    );
    const ids = answers.map(({ result: message }) => (message as { id: string } | null)?.id);
    expect(new Set(ids).size).toBe(WRITERS);
    expect(ids).not.toContain(undefined);
    expect(await changes.read(agent, conversationId)).toMatchObject({ lastSeq: WRITERS });
    await expectConsistent(gateway, organization.id);
  });

  test('in one organization: messages, conversations, owners and statuses mixed, the log stays consistent', async () => {
    const { agent, colleague, contact, otherContact, channel, bot } = organization;
    const others = await Promise.all(times(4, () => openConversation(gateway, organization)));
    const somewhere = (index: number) => others[index % others.length] ?? conversationId;
    const kinds: ((index: number) => Promise<MutationOutcome<unknown>>)[] = [
      (index) => changes.send(contact, { conversationId: somewhere(index), content: 'Hello?' }),
      (index) =>
        changes.create(agent, {
          channelId: channel.id,
          contactId: otherContact.id,
          firstMessage: { content: `${index}` },
        }),
      (index) =>
        changes.assign(bot, { conversationId: somewhere(index), userId: (index % 2 ? agent : colleague).id }),
      (index) =>
        changes.setStatus(colleague, {
          conversationId: somewhere(index),
          status: index % 3 ? 'RESOLVED' : 'OPEN',
        }),
      (index) => changes.send(agent, { conversationId: somewhere(index), content: 'Mine', isPrivate: true }),
      (index) => changes.rename(agent, { conversationId: somewhere(index), name: `Name ${index}` }),
      (index) =>
        changes.create(otherContact, { channelId: channel.id, firstMessage: { content: `${index}` } }),
      (index) =>
        changes.create(agent, { channelId: channel.id, contact: { email: `c${index % 3}@example.org` } }),
    ];
    const answers = await atOnce(
      times(
        WRITERS * 2,
        (index) => () =>
          (kinds[index % kinds.length] ?? kinds[0])?.(index) as Promise<MutationOutcome<unknown>>,
      ),
    );
    expect(answers.filter(({ refusal: refused }) => refused !== null)).toEqual([]);
    await expectConsistent(gateway, organization.id);
  });

  test('in several organizations: each has positions of its own', async () => {
    const organizations = await Promise.all(times(4, () => createOrganization(gateway)));
    await atOnce(
      times(WRITERS, (index) => () => {
        const { agent, channel, contact } = organizations[index % 4] ?? organization;
        return changes.create(agent, {
          channelId: channel.id,
          contactId: contact.id,
          firstMessage: { content: 'Hello' },
        });
      }),
    );
    for (const { id } of organizations) {
      expect(await eventsOf(gateway, { organizationId: id })).toHaveLength((WRITERS / 4) * 2);
      await expectConsistent(gateway, id);
    }
  });

  test('some of them refused: refusals leave no gap', async () => {
    const { agent, colleague, contact } = organization;
    const answers = await atOnce(
      times(WRITERS, (index) => () => {
        if (index % 4 === 1) return changes.send(agent, { conversationId, content: 'x', expectedLastSeq: 0 });
        if (index % 4 === 2)
          return changes.send(contact, {
            conversationId,
            content: 'x',
            replyToId: 'MSG-01J00000000000000000000000',
          });
        if (index % 4 === 3)
          return changes.assign(colleague, { conversationId, userId: 'USR-01J00000000000000000000000' });
        return changes.send(contact, { conversationId, content: 'x' });
      }),
    );
    const refused = answers.filter((answer) => answer.refusal !== null).length;
    expect(refused).toBeGreaterThanOrEqual(WRITERS / 2);
    expect((await changes.read(agent, conversationId)).lastSeq).toBe(WRITERS - refused);
    await expectConsistent(gateway, organization.id);
  });

  test('subscribers get each event once, in the order of the positions', async () => {
    const stream = await openLiveSubscription(gateway, organization.colleague, { query: MESSAGES });
    await atOnce(
      times(
        WRITERS,
        (index) => () => changes.send(organization.agent, { conversationId, content: `${index}` }),
      ),
    );
    const heard = [];
    for (let count = 0; count < WRITERS; count++) heard.push(await stream.event());
    expect(heard.map(({ message }) => message?.seq)).toEqual(times(WRITERS, (index) => index + 1));
    const cursors = await Promise.all(
      times(WRITERS, (index) => cursorAt(gateway, organization.id, index + 2)),
    );
    expect(heard.map(({ cursor }) => cursor)).toEqual(cursors);
  });
});

describe('a transaction that fails', () => {
  const author = (): Author => ({ organizationId: organization.id, kind: 'user', id: organization.agent.id });

  test('after it wrote its events: nothing remains, and there is no gap', async () => {
    const transact = createTransact(gateway.db);
    const failing = transact(organization.id, async (tx) => {
      await tx.conversation.update({ where: { id: conversationId }, data: { name: 'Half done' } });
      await appendEvents(tx, author(), [{ type: 'RENAMED', conversationId, isPublic: true }]);
      // On a server, the deferred insert is sent together with this query.
      expect(await tx.event.count({ where: { conversationId } })).toBe(2);
      throw new Error('not after all');
    });
    await expect(failing).rejects.toThrow('not after all');
    expect(await changes.read(organization.agent, conversationId)).toMatchObject({ name: 'Dora' });
    requireResult(await changes.send(organization.agent, { conversationId, content: 'Hello' }));
    await expectConsistent(gateway, organization.id);
  });

  test('in its COMMIT, after positions were assigned: nothing remains, and there is no gap', async () => {
    const transact = createTransact(gateway.db);
    const failing = transact(organization.id, async (tx) => {
      await tx.conversation.update({ where: { id: conversationId }, data: { name: 'Half done' } });
      await appendEvents(tx, author(), [{ type: 'RENAMED', conversationId, isPublic: true }]);
      // There is no such organization: the trigger can't assign a position.
      await appendEvents(tx, { ...author(), organizationId: 'ORG-none', kind: 'system' }, [
        { type: 'UPDATED', isPublic: false },
      ]);
    });
    await expect(failing).rejects.toThrow();
    expect(await changes.read(organization.agent, conversationId)).toMatchObject({ name: 'Dora' });
    requireResult(await changes.send(organization.agent, { conversationId, content: 'Hello' }));
    await expectConsistent(gateway, organization.id);
  });

  test('while it records a change: nothing is broadcast', async () => {
    const stream = await openLiveSubscription(gateway, organization.agent);
    const failing = gateway.feed.record(author(), async (tx) => {
      await tx.conversation.update({ where: { id: conversationId }, data: { name: 'Half done' } });
      throw new Error('not after all');
    });
    await expect(failing).rejects.toThrow('not after all');
    requireResult(await changes.send(organization.agent, { conversationId, content: 'Hello' }));
    const { cursor, message } = await stream.event();
    expect({ cursor, name: message?.content }).toEqual({
      cursor: await cursorAt(gateway, organization.id, 2),
      name: 'Hello',
    });
  });
});
