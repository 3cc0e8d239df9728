import { GraphQLError } from 'graphql';
import { expect, test } from 'vitest';
import { createLog, type Log } from '../src/log.ts';
import { isLeak, rememberTexts } from './support/checked-log.ts';

const SECRET = 'Zyzzyva likes red tea';
const TOKEN = `eyJhbGciOiJIUzI1NiJ9.${Buffer.from('{"sub":"USR-1"}').toString('base64url')}.c2lnbmF0dXJl`;
const ADDRESSES = ['dora.smith+tea@mail.example.org', '+49 (30) 901820-44', '+4930901820'];
const MARKS = [SECRET, 'Zyzzyva', TOKEN, TOKEN.split('.')[1] ?? '', ...ADDRESSES, 'dora.smith', '901820'];

/** The lines that are written at the lowest level. */
function linesOf(write: (log: Log) => void): string {
  const lines: string[] = [];
  write(createLog('trace', { write: (line) => lines.push(line) }));
  return lines.join('');
}

const lineOf = (err: unknown) => linesOf((log) => log.error({ err }, 'failed'));

function errorOf(message: string, fields: object = {}): Error {
  return Object.assign(new Error(message), fields);
}

function thrownBy(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}

const circular = errorOf('in a circle');
circular.cause = circular;

const POSTGRES = { severity: 'ERROR', name: 'error', where: SECRET, params: [SECRET], query: SECRET };
const ERRORS: Record<string, unknown> = {
  'PostgreSQL, about a value': errorOf(`invalid input syntax for type uuid: "${SECRET}"`, {
    ...POSTGRES,
    code: '22P02',
  }),
  'PostgreSQL, about a value with quotation marks': errorOf(`no date: "a" ${SECRET} "b"`, {
    ...POSTGRES,
    code: '22007',
  }),
  'PostgreSQL, about a row': errorOf('violates check constraint "Message_check"', {
    ...POSTGRES,
    code: '23514',
    detail: `Failing row contains (1, ${SECRET}).`,
  }),
  'PostgreSQL, from a function': errorOf(`not "${SECRET}"`, { ...POSTGRES, code: 'P0001' }),
  'Prisma, a unique key': errorOf(`Raw query failed. Message: \`Key (email)=(${SECRET}) already exists.\``, {
    name: 'PrismaClientKnownRequestError',
    code: 'P2002',
    meta: {
      target: SECRET,
      driverAdapterError: errorOf('UniqueConstraintViolation', {
        cause: { kind: 'UniqueConstraintViolation', originalCode: '23505', originalMessage: SECRET },
      }),
    },
  }),
  'Prisma, arguments': errorOf(
    `Invalid call:\n\n{ where: { email: "${SECRET}",\n name: 'x ${SECRET}' } }\n\nUnknown field.`,
  ),
  'Prisma, a row without quotation marks': errorOf(`Failing row contains (1, ${SECRET}, (2)).`),
  'GraphQL, a variable': new GraphQLError(`Variable "$input" got invalid value "${SECRET}" at "input.id"`, {
    originalError: errorOf(`"${SECRET}"`),
    extensions: { code: 'BAD_USER_INPUT', given: SECRET },
  }),
  'GraphQL, an object': new GraphQLError(`String cannot represent a non string value: { ${SECRET}: 1 }`),
  'GraphQL, a number': new GraphQLError('String cannot represent a non string value: 4930901820'),
  'JSON, text': thrownBy(() => JSON.parse(`${SECRET}`)),
  'JSON, within': thrownBy(() => JSON.parse(`{"a": ${SECRET}}`)),
  'Redis, a password': errorOf('WRONGPASS invalid username-password pair', {
    command: { name: 'hello', args: ['3', 'AUTH', 'default', SECRET] },
  }),
  'Redis, an unknown command': errorOf(`ERR unknown command 'X', with args beginning with: '${SECRET}' `),
  'a URL': thrownBy(() => new URL(`x ${SECRET}`)),
  'an argument of Node.js': thrownBy(() => Buffer.alloc(SECRET as never)),
  'a token': errorOf(`no good: Bearer ${TOKEN} or ${TOKEN}`),
  'a password in a URL': errorOf(`can't reach postgres://parley:Zyzzyva@db.example.com:5432/parley`),
  addresses: errorOf(`unknown: ${ADDRESSES.join(', ')}`),
  'a cause': errorOf('outer', { cause: errorOf(`"${SECRET}"`, { params: [SECRET] }) }),
  'several errors': new AggregateError([errorOf(`"${SECRET}"`), { text: SECRET }, SECRET], 'several'),
  'a circle of causes': circular,
  'a quotation without an end': errorOf(`odd: "${SECRET}`),
  'a quotation too long to be shown': errorOf(`odd: "a" ${'x'.repeat(1_990)} ${SECRET} "`),
  'a megabyte of addresses': errorOf(`${'a@'.repeat(500_000)} ${SECRET}`),
  'a text': SECRET,
  'an object': { message: SECRET, stack: SECRET },
  nothing: null,
};

test.each(Object.entries(ERRORS))(
  'an error that holds a secret is logged without it: %s',
  (_title, error) => {
    const line = lineOf(error);
    expect(MARKS.filter((mark) => line.includes(mark))).toEqual([]);
    expect(line.length).toBeLessThan(20_000);
    const { err } = JSON.parse(line);
    if (error instanceof Error) expect(err).toMatchObject({ type: error.name, message: expect.any(String) });
  },
);

test('names, codes and places of an error are kept', () => {
  const { err } = JSON.parse(lineOf(ERRORS['Prisma, a unique key']));
  expect(err).toMatchObject({
    type: 'PrismaClientKnownRequestError',
    code: 'P2002',
    causes: [{ causes: [{ kind: 'UniqueConstraintViolation', code: '23505' }] }],
  });
  expect(err.stack[0]).toMatch(/log\.test\.ts:\d+/);
  expect(lineOf(ERRORS['PostgreSQL, about a row'])).toContain('Message_check');
  const refused = errorOf('connect ECONNREFUSED 127.0.0.1:6379', {
    code: 'ECONNREFUSED',
    syscall: 'connect',
  });
  expect(lineOf(refused)).toContain('connect ECONNREFUSED 127.0.0.1:6379');
  expect(lineOf(thrownBy(() => (undefined as never as { name: string }).name))).toContain("reading 'name'");
});

test('of objects that are no errors the class is logged, and of secret fields nothing', () => {
  const request = new Request('http://127.0.0.1/', {
    headers: { authorization: TOKEN },
    method: 'POST',
    body: SECRET,
  });
  const line = linesOf((log) =>
    log.warn(
      { request, args: [request, SECRET.length, errorOf(`"${SECRET}"`)], content: SECRET, token: 'x' },
      'odd',
    ),
  );
  expect(MARKS.filter((mark) => line.includes(mark))).toEqual([]);
  expect(JSON.parse(line)).toMatchObject({
    request: '[Request]',
    args: ['[Request]', SECRET.length, { type: 'Error' }],
    content: '[redacted]',
    token: '[redacted]',
  });
});

test('an error that is logged alone does not become the text of the line', () => {
  const line = linesOf((log) => log.fatal(errorOf(`"${SECRET}"`)));
  expect(JSON.parse(line)).toMatchObject({ err: { type: 'Error' }, msg: 'an error' });
  expect(line).not.toContain(SECRET);
});

test('the check of all lines of the tests finds tokens, addresses and texts that were sent', () => {
  rememberTexts({ input: [{ content: SECRET, id: 'CNV-0123456789', status: 'RESOLVED_LONG_AGO' }] });
  const texts = [TOKEN, `Bearer ${TOKEN}`, 'dora@example.org', '+4930901820', SECRET];
  expect(texts.filter((text) => !isLeak(JSON.stringify({ msg: `odd: ${text}.` })))).toEqual([]);
  const harmless = [
    'CNV-0123456789',
    'RESOLVED_LONG_AGO',
    'Bearer [token]',
    'connect ECONNREFUSED 127.0.0.1:6379',
  ];
  expect(harmless.filter((text) => isLeak(JSON.stringify({ msg: text })))).toEqual([]);
});
