import { expect, test } from 'vitest';
import type { PrismaClient } from '../../src/db/generated/prisma/client.ts';
import type { LogEvent } from '../../src/feed/event.ts';
import { createCoalescedReads } from '../../src/live/coalesced-reads.ts';

interface Args {
  where: { id: string | { in: string[] }; organizationId: string };
  select?: object;
}

/** A table of messages, and the calls that reached it. `failMany` fails reads of several rows. */
function createTable({ failMany = false } = {}) {
  const calls: [string, Args][] = [];
  const rowOf = (id: string) => (id.startsWith('MSG') ? { id, content: `text of ${id}` } : null);
  const db = {
    message: {
      async findFirst(args: Args) {
        calls.push(['findFirst', args]);
        return rowOf(args.where.id as string);
      },
      async findMany(args: Args) {
        calls.push(['findMany', args]);
        if (failMany) throw new Error('too large');
        const { in: ids } = args.where.id as { in: string[] };
        return [...new Set(ids)].map(rowOf).filter(Boolean);
      },
    },
  };
  const reads = createCoalescedReads(db as unknown as PrismaClient);
  const events = ['1', '2', '3'].map((id) => ({ id }) as LogEvent);
  reads.share(events.map((event) => ({ event, version: 0 })));
  const find = (index: number, id: string, organizationId = 'ORG-1', select: object = { content: true }) =>
    reads
      .of(events[index] as LogEvent, 0)
      .message.findFirst({ where: { id, organizationId }, select: select as { content: true } });
  return { calls, find, reads, events };
}

test('rows that events read by id are read with one statement, each event gets its own', async () => {
  const { calls, find } = createTable();
  const rows = await Promise.all([find(0, 'MSG-1'), find(1, 'MSG-2'), find(2, 'MSG-1'), find(2, 'none')]);
  expect(rows.map((row) => row?.content)).toEqual([
    'text of MSG-1',
    'text of MSG-2',
    'text of MSG-1',
    undefined,
  ]);
  expect(rows[3]).toBeNull();
  // The last id fills up the number of ids, so that few statements are prepared.
  const where = { organizationId: 'ORG-1', id: { in: ['MSG-1', 'MSG-2', 'none', 'none'] } };
  expect(calls).toEqual([['findMany', { where, select: { content: true, id: true } }]]);
});

test('a single row is read as it was asked for', async () => {
  const { calls, find } = createTable();
  await Promise.all([find(0, 'MSG-1'), find(1, 'MSG-1')]);
  const args = { where: { id: 'MSG-1', organizationId: 'ORG-1' }, select: { content: true } };
  expect(calls).toEqual([['findFirst', args]]);
});

test('reads with other conditions or conflicting selections are not joined', async () => {
  const { calls, find } = createTable();
  const first = (take: number) => ({ attachments: { take, select: { id: true } } });
  await Promise.all([
    find(0, 'MSG-1', 'ORG-1', first(1)),
    find(1, 'MSG-2', 'ORG-2', first(1)),
    find(2, 'MSG-3', 'ORG-1', first(2)),
  ]);
  expect(calls.map(([method, { where }]) => [method, where.id, where.organizationId])).toEqual([
    ['findFirst', 'MSG-1', 'ORG-1'],
    ['findFirst', 'MSG-2', 'ORG-2'],
    ['findFirst', 'MSG-3', 'ORG-1'],
  ]);
});

test('rows that can not be read together are read one by one', async () => {
  const { calls, find } = createTable({ failMany: true });
  const rows = await Promise.all([find(0, 'MSG-1'), find(1, 'MSG-2')]);
  expect(rows.map((row) => row?.content)).toEqual(['text of MSG-1', 'text of MSG-2']);
  expect(calls.map(([method]) => method)).toEqual(['findMany', 'findFirst', 'findFirst']);
});

test('another version of what an event may show is read again, for that event alone', async () => {
  const { calls, find, reads, events } = createTable();
  await Promise.all([find(0, 'MSG-1'), find(1, 'MSG-2')]);
  const where = { id: 'MSG-1', organizationId: 'ORG-1' };
  await reads.of(events[0] as LogEvent, 1).message.findFirst({ where });
  await find(1, 'MSG-2');
  expect(calls.map(([method]) => method)).toEqual(['findMany', 'findFirst']);
});
