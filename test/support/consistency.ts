import { expect } from 'vitest';
import { Prisma } from '../../src/db/generated/prisma/client.ts';
import type { Gateway } from './gateway.ts';
import { eventsOf, stateOf } from './log.ts';

/** Expects positions and numbers without gaps, and correct counters, in the whole organization. */
export async function expectConsistent(gateway: Pick<Gateway, 'db'>, organizationId: string) {
  const events = await eventsOf(gateway, { organizationId });
  expect(events.map(({ position }) => position)).toEqual(upTo(events.length));
  const times = events.map(({ occurredAt }) => occurredAt);
  expect(times).toEqual([...times].sort());
  expect(await gateway.db.reads.event.count({ where: { organizationId, position: null } })).toBe(0);

  const conversations = await gateway.db.reads.conversation.findMany({
    where: { organizationId },
    orderBy: { number: 'asc' },
  });
  expect(conversations.map(({ number }) => number)).toEqual(upTo(conversations.length));
  const { head } = await stateOf(gateway, organizationId);
  const feed = await gateway.db.reads.feed.findUniqueOrThrow({ where: { organizationId } });
  expect({ head, lastNumber: feed.lastNumber }).toEqual({
    head: events.length,
    lastNumber: conversations.length,
  });

  for (const conversation of conversations) await expectCounted(gateway, conversation);
  await expectCountsKept(gateway, organizationId);
}

/** Expects the count tables to equal a real count. */
export async function expectCountsKept({ db }: Pick<Gateway, 'db'>, organizationId: string) {
  const kinds = Prisma.sql`"status"::text, "ownerId", "botId", "businessUnitId", "channelId"`;
  const kept = await db.reads.$queryRaw`
    SELECT ${kinds}, sum("count")::integer AS "count"
      FROM (SELECT ${kinds}, "count" FROM "ConversationCount" WHERE "organizationId" = ${organizationId} UNION ALL
            SELECT ${kinds}, "count" FROM "ConversationCountChange" WHERE "organizationId" = ${organizationId}) AS counted
     GROUP BY 1, 2, 3, 4, 5 HAVING sum("count") <> 0 ORDER BY 1, 2, 3, 4, 5`;
  const counted = await db.reads.$queryRaw`
    SELECT ${kinds}, count(*)::integer AS "count"
      FROM (SELECT "status", COALESCE("ownerId", '') AS "ownerId", COALESCE("botId", '') AS "botId",
                   COALESCE("businessUnitId", '') AS "businessUnitId", "channelId"
              FROM "Conversation" WHERE "organizationId" = ${organizationId} AND "deletedAt" IS NULL) AS present
     GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5`;
  expect(kept).toEqual(counted);
}

type Conversation = Awaited<ReturnType<Gateway['db']['reads']['conversation']['findUniqueOrThrow']>>;

async function expectCounted({ db }: Pick<Gateway, 'db'>, conversation: Conversation) {
  const { organizationId, id: conversationId } = conversation;
  const messages = await db.reads.message.findMany({
    where: { organizationId, conversationId },
    orderBy: { seq: 'asc' },
  });
  const open = messages.filter(({ isPrivate }) => !isPrivate);
  expect(messages.map(({ seq }) => seq)).toEqual(upTo(messages.length));
  expect(open.map(({ publicSeq }) => publicSeq)).toEqual(upTo(open.length));

  const incoming = countsOf(messages.map(({ direction }) => direction === 'INCOMING'));
  const outgoing = countsOf(
    messages.map(({ direction, isPrivate }) => direction === 'OUTGOING' && !isPrivate),
  );
  expect(messages.map(({ incomingCount }) => incomingCount)).toEqual(incoming);
  expect(messages.map(({ publicOutgoingCount }) => publicOutgoingCount)).toEqual(outgoing);
  expect(conversation).toMatchObject({
    lastSeq: messages.length,
    lastPublicSeq: open.length,
    lastMessageId: messages.at(-1)?.id ?? null,
    lastPublicMessageId: open.at(-1)?.id ?? null,
    incomingCount: incoming.at(-1) ?? 0,
    publicOutgoingCount: outgoing.at(-1) ?? 0,
  });
  const logged = await db.reads.event.count({
    where: { organizationId, conversationId, type: 'MESSAGE_ADDED' },
  });
  expect(logged).toBe(messages.length);
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

/** Running count of true values. */
function countsOf(values: boolean[]): number[] {
  let count = 0;
  return values.map((value) => {
    count += value ? 1 : 0;
    return count;
  });
}
