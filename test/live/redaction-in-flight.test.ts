import { GraphQLError, GraphQLObjectType, GraphQLSchema, GraphQLString, parse } from 'graphql';
import { expect, test } from 'vitest';
import type { PrismaClient } from '../../src/db/generated/prisma/client.ts';
import type { Viewer } from '../../src/domain/core/viewer.ts';
import type { LogEvent } from '../../src/feed/event.ts';
import type { Context, Services } from '../../src/graphql/core/context.ts';
import { createCoalescedReads } from '../../src/live/coalesced-reads.ts';
import { Executor, type FrameResult } from '../../src/live/executor.ts';
import { createRedactions } from '../../src/live/redaction.ts';
import { createResultCache } from '../../src/live/result-cache.ts';
import { SubscriberGroup } from '../../src/live/subscriber-group.ts';
import { createFakeLog } from '../support/followed-log.ts';
import { createReceiveQueue } from '../support/receive-queue.ts';

const organizationId = 'ORG-1';
const cursorKeys = { epoch: new Uint8Array(8), cursorKey: new Uint8Array(32) };
const viewer: Viewer = {
  kind: 'user',
  id: 'USR-1',
  organizationId,
  contactId: null,
  isAdmin: false,
  isBlocked: false,
  cursorKeys,
};

let position = 0;

function createEvent(event: Partial<LogEvent>): LogEvent {
  position += 1;
  return {
    id: `EVT-${position}`,
    organizationId,
    position,
    type: 'MESSAGE_ADDED',
    actorId: null,
    conversationId: 'CVR-1',
    contactId: 'CTC-1',
    messageId: 'MSG-1',
    subjectId: null,
    isPublic: true,
    changes: [],
    occurredAt: '2026-01-01T00:00:00Z',
    ...event,
  };
}

const createEdit = (contactId = 'CTC-1') =>
  createEvent({
    type: 'MESSAGE_CHANGED',
    contactId,
    changes: [{ field: 'content', before: null, after: null }],
  });

const schema = new GraphQLSchema({
  query: new GraphQLObjectType({ name: 'Query', fields: { nothing: { type: GraphQLString } } }),
  subscription: new GraphQLObjectType<{ event: LogEvent }, Context>({
    name: 'Subscription',
    fields: {
      content: {
        type: GraphQLString,
        async resolve({ event }, _args, { db }) {
          const where = { id: event.messageId ?? '' };
          return (await db.message.findFirst({ where, select: { content: true } }))?.content;
        },
      },
    },
  }),
});

/** A node whose reads the test lets through one by one. */
function createNode() {
  const rows = new Map<string, string | null>();
  const reads = createReceiveQueue<{ id: string; answer: () => void }>('read');
  const db = {
    message: {
      findFirst({ where }: { where: { id: string } }) {
        // A statement sees the data at the time it is sent, though its answer comes later.
        const content = rows.get(where.id) ?? null;
        return new Promise((resolve) => reads.put({ id: where.id, answer: () => resolve({ content }) }));
      },
    },
  } as unknown as PrismaClient;
  const redactions = createRedactions();
  const dependencies = {
    services: { db } as Services,
    coalescedReads: createCoalescedReads(db),
    mask: (error: unknown) => new GraphQLError(String(error)),
  };
  const createExecutor = (document = 'subscription { content }') =>
    new Executor(dependencies, {
      operation: { schema, document: parse(document) },
      redactions,
      viewer: null,
    });
  return { rows, reads, redactions, createExecutor };
}

const toItem = (event: LogEvent) => ({ kind: 'event', event, cursor: 'cursor' }) as const;
const contentOf = (result: FrameResult | null) => (result as { frame: { result: object } }).frame.result;

test('an execution that read the old text is run again when the edit is heard before it completes', async () => {
  const { rows, reads, redactions, createExecutor } = createNode();
  rows.set('MSG-1', 'old');
  const executed = createExecutor().executeShared(toItem(createEvent({})), viewer);
  const first = await reads.next();
  rows.set('MSG-1', 'new');
  redactions.apply(createEdit());
  first.answer();
  (await reads.next()).answer();
  expect(contentOf(await executed)).toMatchObject({ data: { content: 'new' } });
});

test('an execution is not run again for an edit of another contact, or for a delivery status', async () => {
  const { rows, reads, redactions, createExecutor } = createNode();
  rows.set('MSG-1', 'text');
  const executed = createExecutor().executeShared(toItem(createEvent({})), viewer);
  const first = await reads.next();
  redactions.apply(createEdit('CTC-2'));
  const changes = [{ field: 'deliveryStatus', before: 'SENT', after: 'DELIVERED' }];
  redactions.apply(createEvent({ type: 'MESSAGE_CHANGED', changes }));
  first.answer();
  expect(contentOf(await executed)).toMatchObject({ data: { content: 'text' } });
});

test('an operation that is executed later for the same event does not share a read from before the edit', async () => {
  const { rows, reads, redactions, createExecutor } = createNode();
  const event = createEvent({});
  rows.set('MSG-1', 'old');
  const early = createExecutor().executeShared(toItem(event), viewer);
  (await reads.next()).answer();
  expect(contentOf(await early)).toMatchObject({ data: { content: 'old' } });
  rows.set('MSG-1', 'new');
  redactions.apply(createEdit());
  const late = createExecutor('subscription { renamed: content }').executeShared(toItem(event), viewer);
  (await reads.next()).answer();
  expect(contentOf(await late)).toMatchObject({ data: { renamed: 'new' } });
});

test('a frame that waits for an earlier one is executed again when the edit is heard meanwhile', async () => {
  const { rows, reads, redactions, createExecutor } = createNode();
  const { log, hear } = createFakeLog({
    ...{ organizationId, redactions },
    keys: cursorKeys,
    position: () => position,
  });
  const group = new SubscriberGroup({
    executor: createExecutor(),
    cache: createResultCache(),
    key: 'group',
    source: { scope: { organizationId }, accepts: () => true },
    scope: viewer,
    log,
    now: () => 0,
  });
  const results = createReceiveQueue<FrameResult>('result');
  group.join({ viewer, knownPosition: 0, cursorPosition: 0, deliver: results.put, overflow() {}, fail() {} });

  rows.set('MSG-1', 'slow').set('MSG-2', 'old');
  hear(createEvent({ contactId: 'CTC-2' }));
  hear(createEvent({ messageId: 'MSG-2' }));
  const slow = await reads.next();
  (await reads.next()).answer();
  // Completes the second execution, which then waits for the first.
  await new Promise(setImmediate);
  rows.set('MSG-2', 'new');
  redactions.apply(createEdit());
  slow.answer();
  expect(contentOf(await results.next())).toMatchObject({ data: { content: 'slow' } });
  const again = await reads.next();
  expect(again.id).toBe('MSG-2');
  again.answer();
  expect(contentOf(await results.next())).toMatchObject({ data: { content: 'new' } });
});

test('a version never comes back, however many contacts have redactions', () => {
  const redactions = createRedactions();
  const event = createEvent({});
  const before = redactions.versionOf(event);
  redactions.apply(createEdit());
  const after = redactions.versionOf(event);
  for (let contact = 2; contact <= 20_000; contact++) redactions.apply(createEdit(`CTC-${contact}`));
  expect(after).not.toBe(before);
  expect([before, after]).not.toContain(redactions.versionOf(event));
});
