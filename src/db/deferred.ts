import type { Tx } from './client.ts';
import { COLUMNS } from './columns.ts';
import { type Conversation, type Message, Prisma } from './generated/prisma/client.ts';
import { DEFERRED_MARK } from './pipelining.ts';

// Prisma hands nothing but the text of a statement down to the driver.
const MARK = Prisma.raw(DEFERRED_MARK);

interface RowByTable {
  Conversation: Conversation;
  Message: Message;
}

type Nullable<Row> = { [C in keyof Row]: null extends Row[C] ? C : never }[keyof Row];

/** All columns; nullable ones may be left out and are then null. Column defaults of the table do not apply. */
export type NewRow<Row> = Omit<Row, Nullable<Row>> & Partial<Pick<Row, Nullable<Row>>>;

export interface RowUpdate<Row> {
  set: Partial<Row>;
  /** A column to add 1 to. */
  increment?: keyof Row;
}

/**
 * Statements that cost no round trip: each is sent in one piece with the next statement of the transaction that is not deferred, at
 * the latest with COMMIT, and runs before it. When a deferred statement fails, the next statement rejects with the
 * deferred one's error. So a statement whose failure is
 * a result, such as a taken unique key, must not be deferred. On the embedded database they are sent at once.
 */
export function deferred(tx: Tx) {
  async function execute(statement: Prisma.Sql): Promise<void> {
    await tx.$executeRaw`${MARK} ${statement}`;
  }

  return {
    /** Any statement, as a tagged template. */
    execute: (text: TemplateStringsArray, ...values: unknown[]) => execute(Prisma.sql(text, ...values)),
    insert<Table extends keyof RowByTable>(table: Table, row: NewRow<RowByTable[Table]>): Promise<void> {
      const columns = COLUMNS[table];
      return execute(Prisma.sql`
        INSERT INTO ${quoted(table)} (${columns})
        SELECT ${columns} FROM jsonb_populate_record(NULL::${quoted(table)}, ${JSON.stringify(row)}::jsonb)`);
    },
    /** Updates a row that the transaction has locked. Properties that are undefined are left alone. */
    async update<Table extends keyof RowByTable>(
      { table, id }: { table: Table; id: string },
      { set, increment }: RowUpdate<RowByTable[Table]>,
    ): Promise<void> {
      const names = Object.entries(set).flatMap(([name, value]) =>
        value === undefined ? [] : [quoted(name)],
      );
      const assignments = [];
      if (names.length > 0) {
        const columns = Prisma.join(names);
        assignments.push(
          Prisma.sql`(${columns}) = (SELECT ${columns} FROM jsonb_populate_record(NULL::${quoted(table)}, ${JSON.stringify(set)}::jsonb))`,
        );
      }
      if (increment !== undefined) {
        const counter = quoted(String(increment));
        assignments.push(Prisma.sql`${counter} = ${counter} + 1`);
      }
      if (assignments.length === 0) return;
      await execute(Prisma.sql`UPDATE ${quoted(table)} SET ${Prisma.join(assignments)} WHERE "id" = ${id}`);
    },
  };
}

function quoted(name: string): Prisma.Sql {
  return Prisma.raw(`"${name}"`);
}
