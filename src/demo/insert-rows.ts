import type { Tx } from '../db/client.ts';
import { Prisma } from '../db/generated/prisma/client.ts';
import type { Rows } from './rows.ts';

type Table = Exclude<keyof Rows, 'events'>;

/** Inserts all rows, table by table, in the order of their references. */
export async function insertRows(tx: Tx, rows: Rows): Promise<void> {
  const { events: _events, ...tables } = rows;
  // A conversation and its messages refer to each other, so the references to messages come later.
  const conversations = rows.Conversation.map((row) => ({
    ...row,
    lastMessageId: null,
    lastPublicMessageId: null,
  }));
  for (const [table, list] of Object.entries({ ...tables, Conversation: conversations })) {
    await insertAll(tx, table as Table, list);
  }
  await tx.$executeRaw`
    UPDATE "Conversation" AS c
       SET "lastMessageId" = (SELECT m."id" FROM "Message" m
                               WHERE m."organizationId" = c."organizationId" AND m."conversationId" = c."id"
                                 AND m."seq" = c."lastSeq"),
           "lastPublicMessageId" = (SELECT m."id" FROM "Message" m
                                     WHERE m."organizationId" = c."organizationId" AND m."conversationId" = c."id"
                                       AND m."publicSeq" = c."lastPublicSeq")
     WHERE c."organizationId" = ${rows.Conversation[0]?.organizationId} AND c."lastSeq" > 0`;
}

// All rows are one JSON parameter. On the embedded database this takes a tenth of the time of createMany, which sends each value
// as a parameter of its own. Rows with the same columns are one statement; missing columns get their defaults.
async function insertAll(tx: Tx, table: Table, rows: readonly object[]): Promise<void> {
  const into = Prisma.raw(`"${table}"`);
  const batches = new Map<string, object[]>();
  for (const row of rows) {
    const columns = Object.keys(row)
      .sort()
      .map((name) => `"${name}"`)
      .join(', ');
    const batch = batches.get(columns) ?? [];
    batches.set(columns, batch);
    batch.push(row);
  }
  for (const [names, batch] of batches) {
    const columns = Prisma.raw(names);
    await tx.$executeRaw`
      INSERT INTO ${into} (${columns})
      SELECT ${columns} FROM jsonb_populate_recordset(NULL::${into}, ${JSON.stringify(batch)}::jsonb)`;
  }
}
