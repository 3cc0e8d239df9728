import pg from 'pg';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { withResultLimit } from '../../src/db/result-size.ts';
import { ResultTooLargeError } from '../../src/errors.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { createMutations, requireResult } from '../support/mutations.ts';
import { createOrganization, openConversation } from '../support/organization.ts';

let gateway: Gateway;

beforeAll(async () => {
  gateway = await startGateway();
});

test('rows beyond the limit are dropped, the statement fails, and the connection goes on', async () => {
  const pool = new pg.Pool({ connectionString: process.env.TEST_DATABASE_URL, max: 1 });
  onTestFinished(() => pool.end());
  const limited = withResultLimit(pool, 10_000);
  const select = (rows: number) => ({
    text: 'SELECT repeat($1, 100) AS "text", number FROM generate_series(1, $2) AS number',
    values: ['x', rows],
  });
  expect((await limited.query(select(90))).rows).toHaveLength(90);
  for (let round = 0; round < 2; round++) {
    await expect(limited.query(select(100_000))).rejects.toThrow(ResultTooLargeError);
    const { rows } = await limited.query(select(2));
    expect(rows).toEqual([
      { text: 'x'.repeat(100), number: 1 },
      { text: 'x'.repeat(100), number: 2 },
    ]);
  }
});

test('each value of JSON counts 128 bytes more, because parsing it takes longer than parsing text', async () => {
  const pool = new pg.Pool({ connectionString: process.env.TEST_DATABASE_URL, max: 1 });
  onTestFinished(() => pool.end());
  const limited = withResultLimit(pool, 10_000);
  const values = (count: number) => ({
    text: 'SELECT (SELECT jsonb_object_agg(i, 1) FROM generate_series(1, $1) AS i) AS attributes',
    values: [count],
  });
  expect((await limited.query(values(50))).rows).toHaveLength(1);
  await expect(limited.query(values(100))).rejects.toThrow(ResultTooLargeError);
  const text = `say \\"a, b\\"${', '.repeat(4_000)}`;
  const { rows } = await limited.query({
    text: 'SELECT $1::jsonb AS attributes',
    values: [`{"a": "${text}"}`],
  });
  expect(rows).toEqual([{ attributes: { a: JSON.parse(`"${text}"`) } }]);
});

test('a page of long texts is refused, not read', async () => {
  const organization = await createOrganization(gateway);
  const { send } = createMutations(gateway);
  const content = 'x'.repeat(50_000);
  for (let index = 0; index < 3; index++) {
    const conversationId = await openConversation(gateway, organization);
    for (let message = 0; message < 80; message++) {
      requireResult(await send(organization.agent, { conversationId, content }));
    }
  }
  const query = '{ conversations(first: 3) { nodes { messages(first: 80) { nodes { content } } } } }';
  const { data, errors } = await gateway.ask(organization.contact, query);
  expect(errors).toMatchObject([
    { message: expect.stringContaining('larger than 10 MB'), extensions: { code: 'QUERY_TOO_COMPLEX' } },
  ]);
  expect(data).toEqual({ conversations: null });
});
