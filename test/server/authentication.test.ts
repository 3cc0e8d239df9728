import { createHmac, createSecretKey } from 'node:crypto';
import { SignJWT } from 'jose';
import pino from 'pino';
import { beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../src/ids.ts';
import { type Gateway, SECRET, startGateway, startNodeOfTest } from '../support/gateway.ts';
import { insideOf, post } from '../support/http.ts';
import { createOrganization, type TestOrganization } from '../support/organization.ts';

const DAY_SECONDS = 86_400;
const WHO = JSON.stringify({ query: '{ viewer { identity { id } } }' });

let gateway: Gateway;
let organization: TestOrganization;
let other: TestOrganization;

beforeAll(async () => {
  gateway = await startGateway();
  organization = await createOrganization(gateway);
  other = await createOrganization(gateway);
});

interface TokenOptions {
  claims?: Record<string, unknown>;
  secret?: string;
  alg?: string;
}

/** Signs a token of the agent with other claims, secret or algorithm. */
function sign({ claims = {}, secret = SECRET, alg = 'HS256' }: TokenOptions = {}): Promise<string> {
  const exp = Math.floor(Date.now() / 1_000) + 60;
  const payload = { sub: organization.agent.id, org: organization.id, exp, ...claims };
  return new SignJWT(payload).setProtectedHeader({ alg }).sign(createSecretKey(Buffer.from(secret)));
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

/** Sends a query with this Authorization header, which must be rejected. */
async function rejectionOf(authorization: string | undefined) {
  const { status, errors, data, text } = await post(
    gateway,
    WHO,
    authorization === undefined ? {} : { authorization },
  );
  expect(data ?? null).toBeNull();
  expect(insideOf(text)).toBeNull();
  expect(errors).toHaveLength(1);
  return { status, code: errors[0]?.extensions?.code, message: errors[0]?.message };
}

const unauthenticated = (message: RegExp) => ({
  status: 401,
  code: 'UNAUTHENTICATED',
  message: expect.stringMatching(message),
});

test('users, contacts and bots are authenticated by their token', async () => {
  for (const person of [organization.agent, organization.admin, organization.contact, organization.bot]) {
    const { data } = await gateway.ask(person, '{ viewer { identity { id } organization { id } } }');
    expect(data.viewer).toEqual({ identity: { id: person.id }, organization: { id: organization.id } });
  }
});

test('an operation without a token is answered with what to send', async () => {
  expect(await rejectionOf(undefined)).toEqual(unauthenticated(/Authorization: Bearer/));
});

test('an invalid token is answered with the reason, and is no error in the log', async () => {
  const lines: string[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) });
  const node = await startNodeOfTest({}, { log });
  const { errors } = await post(node, WHO, { authorization: 'Bearer broken' });
  expect(errors[0]?.extensions?.code).toBe('UNAUTHENTICATED');
  const levels = lines.map((line) => JSON.parse(line).level as number);
  expect(levels.length).toBeGreaterThan(0);
  expect(Math.max(...levels)).toBeLessThanOrEqual(pino.levels.values.info ?? 0);
});

test('without a token all fields are null, and each has an error', async () => {
  const body = JSON.stringify({
    query: `{ node(id: "${organization.agent.id}") { id } conversations { totalCount } users { nodes { id } } }`,
  });
  const { status, data, errors } = await post(gateway, body);
  expect(status).toBe(401);
  expect(data).toEqual({ node: null, conversations: null, users: null });
  expect(errors.map(({ extensions }) => extensions?.code)).toEqual(Array(3).fill('UNAUTHENTICATED'));
});

describe('an invalid token is answered with 401 and the reason', () => {
  const past = Math.floor(Date.now() / 1_000) - 60;
  const cases: [string, () => string | Promise<string>, RegExp][] = [
    ['of another scheme', () => 'Basic YTpi', /must be "Bearer <JWT>"/],
    ['broken', () => 'Bearer abc.def.ghi', /broken/],
    ['truncated', async () => `Bearer ${(await sign()).slice(0, -10)}`, /broken/],
    [
      'with a changed claim',
      async () => `Bearer ${await tampered()}`,
      /broken, or was signed with another key/,
    ],
    [
      'signed with another secret',
      async () => `Bearer ${await sign({ secret: 'x'.repeat(40) })}`,
      /signed with another key/,
    ],
    ['with the algorithm none', () => `Bearer ${unsigned('none')}`, /not accepted here: expected HS256/],
    [
      'with another algorithm and the same secret',
      () => `Bearer ${hs512()}`,
      /not accepted here: expected HS256/,
    ],
    ['expired', async () => `Bearer ${await sign({ claims: { exp: past } })}`, /expired/],
    ['without exp', async () => `Bearer ${await sign({ claims: { exp: undefined } })}`, /claim "exp"/],
    ['without sub', async () => `Bearer ${await sign({ claims: { sub: undefined } })}`, /claim "sub"/],
    ['without org', async () => `Bearer ${await sign({ claims: { org: undefined } })}`, /claim "org"/],
    [
      'valid for longer than AUTH_MAX_TOKEN_LIFETIME, as its iat says',
      async () => `Bearer ${await sign({ claims: { iat: past, exp: past + 31 * DAY_SECONDS } })}`,
      /valid for too long: from "iat" to "exp" at most 30d/,
    ],
    [
      'valid for longer than AUTH_MAX_TOKEN_LIFETIME from now, without iat',
      async () => `Bearer ${await sign({ claims: { exp: past + 31 * DAY_SECONDS } })}`,
      /valid for too long/,
    ],
    [
      'valid for longer than AUTH_MAX_TOKEN_LIFETIME from now, with an iat in the future',
      async () =>
        `Bearer ${await sign({ claims: { iat: past + 30 * DAY_SECONDS, exp: past + 40 * DAY_SECONDS } })}`,
      /valid for too long/,
    ],
    ['not valid yet', async () => `Bearer ${await sign({ claims: { nbf: past + 3_600 } })}`, /claim "nbf"/],
    [
      'with an org that is no string',
      async () => `Bearer ${await sign({ claims: { org: 5 } })}`,
      /claims sub, org and exp/,
    ],
  ];

  test.each(cases)('%s', async (_name, authorization, reason) => {
    expect(await rejectionOf(await authorization())).toEqual(unauthenticated(reason));
  });

  async function tampered() {
    const [header, , signature] = (await sign()).split('.');
    const exp = Math.floor(Date.now() / 1_000) + 60;
    return [header, encode({ sub: organization.admin.id, org: organization.id, exp }), signature].join('.');
  }

  function unsigned(alg: string) {
    const exp = Math.floor(Date.now() / 1_000) + 60;
    return `${encode({ alg })}.${encode({ sub: organization.agent.id, org: organization.id, exp })}.`;
  }

  function hs512() {
    const text = unsigned('HS512').slice(0, -1);
    return `${text}.${createHmac('sha512', SECRET).update(text).digest('base64url')}`;
  }
});

describe('a valid token of an unknown viewer is rejected', () => {
  const cases: [string, () => Record<string, unknown>][] = [
    ['an unknown user', () => ({ sub: newId('User') })],
    ['an unknown contact', () => ({ sub: newId('Contact') })],
    ['an unknown bot', () => ({ sub: newId('Bot') })],
    ['the id of a channel', () => ({ sub: organization.channel.id })],
    ['a text that is no id', () => ({ sub: 'admin' })],
    ['an empty text', () => ({ sub: '' })],
    ['a prefix alone', () => ({ sub: 'USR-' })],
    ['U+0000 in the id', () => ({ sub: `${organization.agent.id}\u0000` })],
    ['U+0000 in the prefix', () => ({ sub: 'USR-\u0000' })],
    ['half of a surrogate pair', () => ({ sub: 'USR-\ud800' })],
    ['a long text', () => ({ sub: `USR-${'A'.repeat(5_000)}` })],
    ['a line break behind the id', () => ({ sub: `${organization.agent.id}\n` })],
    ['U+0000 in the organization', () => ({ org: `${organization.id}\u0000` })],
    ['an organization that is no id', () => ({ org: 'org' })],
    ['the id of a user as organization', () => ({ org: organization.agent.id })],
    ['a user of another organization', () => ({ sub: other.agent.id })],
    ['a contact of another organization', () => ({ sub: other.contact.id })],
    ['a bot of another organization', () => ({ sub: other.bot.id })],
    ['an organization that is not that of the user', () => ({ org: other.id })],
    ['an unknown organization', () => ({ org: newId('Organization') })],
  ];

  test.each(cases)('%s', async (_name, claims) => {
    const token = await sign({ claims: claims() });
    expect(await rejectionOf(`Bearer ${token}`)).toEqual(unauthenticated(/names no existing viewer/));
  });
});

test('a token of 30 days is accepted', async () => {
  const iat = Math.floor(Date.now() / 1_000);
  const token = await sign({ claims: { iat, exp: iat + 30 * DAY_SECONDS } });
  expect((await post(gateway, WHO, { authorization: `Bearer ${token}` })).status).toBe(200);
});

test('the answer is the same, word for word, for a viewer that never existed, was removed or is of another organization', async () => {
  const { agent, bot, id } = await createOrganization(gateway);
  const removed = { data: { removedAt: new Date() } };
  await gateway.db.writes.user.update({ where: { id: agent.id }, ...removed });
  await gateway.db.writes.bot.update({ where: { id: bot.id }, ...removed });
  const answers = [];
  for (const sub of [newId('User'), newId('Contact'), agent.id, bot.id, other.agent.id, 'USR-\u0000']) {
    answers.push(await rejectionOf(`Bearer ${await sign({ claims: { sub, org: id } })}`));
  }
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
});

test('tokens of the secret before the last change are accepted until AUTH_PREVIOUS_SECRET is taken away', async () => {
  const old = 'the secret before, of at least 32 characters';
  const node = await startNodeOfTest({ AUTH_PREVIOUS_SECRET: old, AUTH_MAX_TOKEN_LIFETIME: '5m' });
  const { agent, id: org } = await createOrganization(node);
  const claims = { sub: agent.id, org };
  for (const secret of [old, SECRET]) {
    const authorization = `Bearer ${await sign({ claims, secret })}`;
    expect((await post(node, WHO, { authorization })).status).toBe(200);
  }
  for (const [secret, more] of [
    ['x'.repeat(40), {}],
    [old, { exp: Math.floor(Date.now() / 1_000) + 600 }],
  ] as const) {
    const authorization = `Bearer ${await sign({ claims: { ...claims, ...more }, secret })}`;
    expect((await post(node, WHO, { authorization })).status).toBe(401);
  }
});

test('a removed user or bot is rejected', async () => {
  const { agent, bot } = await createOrganization(gateway);
  const removed = { data: { removedAt: new Date() } };
  await gateway.db.writes.user.update({ where: { id: agent.id }, ...removed });
  await gateway.db.writes.bot.update({ where: { id: bot.id }, ...removed });
  for (const person of [agent, bot]) {
    const token = await gateway.tokenFor(person);
    expect(await rejectionOf(`Bearer ${token}`)).toEqual(unauthenticated(/names no existing viewer/));
  }
});

test('the token is verified for every operation, also for introspection', async () => {
  const body = JSON.stringify({ query: '{ __typename }' });
  expect((await post(gateway, body, { authorization: 'Bearer abc.def.ghi' })).status).toBe(401);
  expect((await post(gateway, body)).data).toEqual({ __typename: 'Query' });
});
