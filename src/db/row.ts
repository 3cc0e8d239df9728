import type { Tx } from './client.ts';
import { COLUMNS } from './columns.ts';
import { type Conversation, type Message, Prisma } from './generated/prisma/client.ts';
import { WITH_NEXT } from './pipelining.ts';

// Rows that most changes write. Nobody waits for these statements, which Prisma's own would have it: they go with the next.

interface RowByTable {
  Conversation: Conversation;
  Message: Message;
}

type Nullable<Row> = { [C in keyof Row]: null extends Row[C] ? C : never }[keyof Row];

/** All columns but those that may be null, and then are: what the table has by default, nobody is given here. */
export type NewRow<Row> = Omit<Row, Nullable<Row>> & Partial<Pick<Row, Nullable<Row>>>;

export async function insertRow<Table extends keyof RowByTable>(
  tx: Tx,
  table: Table,
  row: NewRow<RowByTable[Table]>,
) {
  const columns = COLUMNS[table];
  await tx.$executeRaw`${WITH_NEXT}
    INSERT INTO ${named(table)} (${columns})
    SELECT ${columns} FROM jsonb_populate_record(NULL::${named(table)}, ${JSON.stringify(row)}::jsonb)`;
}

export interface RowUpdate<Row> {
  set: Partial<Row>;
  /** A column that counts how often. */
  increment?: keyof Row;
}

/** Changes columns of a row that the transaction has locked. */
export async function updateRow<Table extends keyof RowByTable>(
  tx: Tx,
  { table, id }: { table: Table; id: string },
  { set, increment }: RowUpdate<RowByTable[Table]>,
) {
  const columns = Object.entries(set).flatMap(([name, value]) => (value === undefined ? [] : [named(name)]));
  const assignments = [];
  if (columns.length > 0) {
    const list = Prisma.join(columns);
    assignments.push(
      Prisma.sql`(${list}) = (SELECT ${list} FROM jsonb_populate_record(NULL::${named(table)}, ${JSON.stringify(set)}::jsonb))`,
    );
  }
  if (increment !== undefined) {
    const counter = named(String(increment));
    assignments.push(Prisma.sql`${counter} = ${counter} + 1`);
  }
  if (assignments.length === 0) return;
  await tx.$executeRaw`${WITH_NEXT} UPDATE ${named(table)} SET ${Prisma.join(assignments)} WHERE "id" = ${id}`;
}

function named(name: string): Prisma.Sql {
  return Prisma.raw(`"${name}"`);
}
