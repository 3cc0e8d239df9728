import type { SqlDriverAdapterFactory, SqlQuery } from '@prisma/driver-adapter-utils';
import { beforeAll, describe, expect, test } from 'vitest';
import { createPrisma } from '../../src/db/client.ts';
import { createOrganizationShares } from '../../src/db/organization-share.ts';
import { createOrganizationReader, withReadShares } from '../../src/db/read-share.ts';
import { toClientError } from '../../src/graphql/core/errors.ts';
import { schema } from '../../src/graphql/schema.ts';
import { createFullOrganization } from '../support/full-organization.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { selectionOf } from '../support/selection.ts';
import { times } from '../support/times.ts';

interface Sent {
  sql: string;
  answer(): void;
  fail(error: unknown): void;
}

/** Prisma on an adapter that notes its statements and answers none by itself. */
function createStubbed(options: { max: number; maxWaiting?: number }) {
  const sent: Sent[] = [];
  const factory = {
    provider: 'postgres',
    adapterName: 'stub',
    connect: async () => ({
      provider: 'postgres',
      adapterName: 'stub',
      dispose: async () => undefined,
      queryRaw: ({ sql }: SqlQuery) =>
        new Promise((resolve, reject) => {
          const empty = { columnNames: [], columnTypes: [], rows: [] };
          sent.push({ sql, answer: () => resolve(empty), fail: reject });
        }),
    }),
  } as unknown as SqlDriverAdapterFactory;
  return { db: createPrisma(withReadShares(factory, createOrganizationShares(options))), sent };
}

const PER_ORGANIZATION = 3;
const count = (db: ReturnType<typeof createStubbed>['db'], organizationId: string) =>
  db.$queryRaw`SELECT count(*) FROM "Conversation" WHERE "organizationId" = ${organizationId}`;

test('statements of one organization take its share of connections, and those of another go at once', async () => {
  const { db, sent } = createStubbed({ max: PER_ORGANIZATION });
  const flood = times(20, () => count(db, 'ORG-1').then(() => undefined));
  const other = count(db, 'ORG-2').then(() => undefined);
  await expect.poll(() => sent.length).toBe(PER_ORGANIZATION + 1);
  for (let index = 0; index < flood.length + 1; index++) {
    await expect.poll(() => sent.length).toBeGreaterThan(index);
    sent[index]?.answer();
  }
  await Promise.all([...flood, other]);
});

describe('a failure that is no fault of the operation', () => {
  const raised = (code: string) => Object.assign(new Error('canceled'), { code });
  async function answerTo(fail: (sent: Sent) => void) {
    const { db, sent } = createStubbed({ max: 1 });
    const asked = count(db, 'ORG-1').then(() => undefined);
    await expect.poll(() => sent.length).toBe(1);
    fail(sent[0] as Sent);
    return toClientError(await asked.catch((error: unknown) => error))?.extensions;
  }

  test.each(['timeout exceeded when trying to connect', 'Connection terminated due to connection timeout'])(
    '%s is BUSY',
    async (message) => {
      const extensions = await answerTo(({ fail }) => fail(new Error(message)));
      expect(extensions).toMatchObject({ code: 'BUSY', retryAfter: 1, http: { status: 503 } });
    },
  );

  test('a full queue of the organization is BUSY', async () => {
    const { db, sent } = createStubbed({ max: 1, maxWaiting: 1 });
    const [first, second] = times(2, () => count(db, 'ORG-1').then(() => undefined));
    await expect.poll(() => sent.length).toBe(1);
    const error = await count(db, 'ORG-1').catch((reason: unknown) => reason);
    expect(toClientError(error)?.extensions).toMatchObject({ code: 'BUSY', retryAfter: 1 });
    sent[0]?.answer();
    await expect.poll(() => sent.length).toBe(2);
    sent[1]?.answer();
    await Promise.all([first, second]);
  });

  test('any other error stays a fault of ours', async () => {
    expect(await answerTo(({ fail }) => fail(raised('22012')))).toBeUndefined();
  });
});

describe('the organization of a statement', () => {
  const organizationOf = createOrganizationReader();

  test('is the value that "organizationId" is compared with, wherever it stands', () => {
    const sql = 'SELECT 1 FROM "t" WHERE "t"."publicId" = $1 AND "t"."organizationId" = $2';
    expect(organizationOf({ sql, args: ['ORG-other', 'ORG-own'] })).toBe('ORG-own');
    expect(organizationOf({ sql, args: ['ORG-own', 'ORG-third'] })).toBe('ORG-third');
  });

  test('is the id of the row itself, and none of the ids that a client asks for', () => {
    const sql = 'SELECT 1 FROM "public"."Organization" AS "t0" WHERE ("t0"."id" IN ($1) AND "t0"."id" = $2)';
    expect(organizationOf({ sql, args: ['ORG-other', 'ORG-own'] })).toBe('ORG-own');
  });

  test('is none where a statement names none', () => {
    expect(organizationOf({ sql: 'SELECT 1', args: [] })).toBe('');
  });
});

describe('every statement of an operation names its organization', () => {
  let gateway: Gateway;
  let organization: Awaited<ReturnType<typeof createFullOrganization>>;

  beforeAll(async () => {
    gateway = await startGateway();
    organization = await createFullOrganization(gateway);
  });

  const fields = Object.values(schema.getQueryType()?.getFields() ?? {});

  test.each(fields.map(({ name }) => name))('Query.%s', async (name) => {
    const field = fields.find((one) => one.name === name);
    if (!field) throw new Error(`no field ${name}`);
    const { own, agent, contact } = organization;
    const values: Record<string, unknown> = {
      id: own.Conversation,
      ids: Object.values(own).slice(0, 20),
      conversationId: own.Conversation,
      publicId: 'ORG-1',
      number: 1,
      system: 'CHATWOOT',
      account: '1',
      externalId: '1',
    };
    const required = field.args.filter(({ type }) => String(type).endsWith('!'));
    const head = required.map((one) => `$${one.name}: ${one.type}`).join(', ');
    const passed = required.map((one) => `${one.name}: $${one.name}`).join(', ');
    const selection = selectionOf(field, 2).replace(
      /^\w+/,
      required.length > 0 ? `${name}(${passed})` : name,
    );
    gateway.statements();
    for (const person of [agent, contact]) {
      await gateway.ask(person, `query ${head && `(${head})`} { ${selection} }`, values);
    }
    // Each argument is its own number.
    const args = times(100, (index) => String(index + 1));
    const organizationOf = createOrganizationReader();
    const nameless = gateway.statements().filter((sql) => organizationOf({ sql, args }) === '');
    expect(nameless).toEqual([]);
  });
});
