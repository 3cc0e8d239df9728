import { expect, test } from 'vitest';
import { createLimitWriter } from '../../src/db/literal-limits.ts';
import { createStatementNames } from '../../src/db/statement-names.ts';

const INT = { scalarType: 'int', arity: 'scalar' } as const;
const TEXT = { scalarType: 'string', arity: 'scalar' } as const;

function statement(sql: string) {
  return { sql, args: [], argTypes: [] };
}

test('limits are written into the statement, and the other parameters are renumbered', () => {
  const query = {
    sql: 'SELECT * FROM (SELECT 1 LIMIT $1) a WHERE "x" = $2 AND "y" = $10 LIMIT $3',
    args: ['1', 'two', '21', 4, 5, 6, 7, 8, 9, 'ten'],
    argTypes: [INT, TEXT, INT, INT, INT, INT, INT, INT, INT, TEXT],
  };
  expect(createLimitWriter()(query)).toEqual({
    sql: 'SELECT * FROM (SELECT 1 LIMIT 1) a WHERE "x" = $1 AND "y" = $8 LIMIT 21',
    args: ['two', 4, 5, 6, 7, 8, 9, 'ten'],
    argTypes: [TEXT, INT, INT, INT, INT, INT, INT, TEXT],
  });
});

test('each limit has a statement text of its own', () => {
  const writeLimits = createLimitWriter();
  const page = (size: string, name: string) =>
    writeLimits({
      sql: 'SELECT 1 WHERE "x" = $1 LIMIT $2',
      args: [name, size],
      argTypes: [TEXT, INT],
    });
  for (const [size, name] of [
    ['21', 'one'],
    ['21', 'two'],
    ['5', 'three'],
    ['21', 'four'],
  ] as const) {
    expect(page(size, name)).toEqual({
      sql: `SELECT 1 WHERE "x" = $1 LIMIT ${size}`,
      args: [name],
      argTypes: [TEXT],
    });
  }
});

test('a limit that is not a number stays a parameter', () => {
  const query = { sql: 'SELECT 1 LIMIT $1', args: ['1; DROP TABLE "Message"'], argTypes: [TEXT] };
  expect(createLimitWriter()(query)).toBe(query);
});

test('a statement gets a unique name when it comes the second time, and keeps it', () => {
  const nameOf = createStatementNames();
  expect(nameOf(statement('SELECT 1'))).toBe('');
  const name = nameOf(statement('SELECT 1'));
  expect(name).not.toBe('');
  nameOf(statement('SELECT 2'));
  expect(nameOf(statement('SELECT 2'))).not.toBe(name);
  expect(nameOf(statement('SELECT 1'))).toBe(name);
});

test('there are at most 500 names, and statements with an IN list get none', () => {
  const nameOf = createStatementNames();
  for (let number = 0; number < 2_000; number++) {
    nameOf(statement(`SELECT ${number}`));
    nameOf(statement(`SELECT ${number}`));
  }
  const names = Array.from({ length: 2_000 }, (_, number) => nameOf(statement(`SELECT ${number}`)));
  expect(names.filter((name) => name !== '')).toHaveLength(500);

  const fresh = createStatementNames();
  const list = statement('SELECT * FROM "User" WHERE "id" IN ($1,$2)');
  expect([fresh(list), fresh(list)]).toEqual(['', '']);
});

test('named statements and those that came once have a bound in characters', () => {
  const nameOf = createStatementNames(10_000);
  const long = (number: number) => statement(`SELECT ${number} AS "${'x'.repeat(1_000)}"`);
  const twice = (number: number) => [nameOf(long(number)), nameOf(long(number))][1];
  const names = Array.from({ length: 100 }, (_, number) => twice(number));
  expect(names.filter((name) => name !== '')).toHaveLength(9);

  const fresh = createStatementNames(10_000);
  fresh(statement('SELECT 1'));
  for (let number = 0; number < 100; number++) fresh(long(number));
  // Forgotten in favor of the long ones: it came once, as far as is known.
  expect(fresh(statement('SELECT 1'))).toBe('');
  expect(fresh(statement('SELECT 1'))).not.toBe('');
});

test('limits are written into any number of long statements', () => {
  const writeLimits = createLimitWriter(10_000);
  for (let number = 0; number < 100; number++) {
    const sql = `SELECT ${number} AS "${'x'.repeat(number * 100)}" LIMIT $1`;
    const written = writeLimits({ sql, args: ['21'], argTypes: [INT] });
    expect(written.sql).toBe(sql.replace('$1', '21'));
  }
});
