import { describe, expect, test } from 'vitest';
import { deriveExposure, formatDuration, loadConfig } from '../src/config.ts';
import { linesOf } from './support/config-lines.ts';

const SECRET = 'x'.repeat(32);

test('an empty environment has defaults for everything', () => {
  expect(loadConfig({})).toMatchObject({
    port: 4000,
    host: '127.0.0.1',
    dataDir: '.data',
    databaseUrl: undefined,
  });
});

test('an empty variable counts as absent', () => {
  expect(loadConfig({ PORT: '', DATABASE_URL: '', AUTH_SECRET: '' })).toEqual(loadConfig({}));
});

test('one error reports all mistakes, each with the variable, its value and what is expected', () => {
  const lines = linesOf({
    PORT: 'http',
    DATABASE_URL: 'mysql://db',
    REDIS_URL: 'localhost:6379',
    AUTH_SECRET: 'short',
    LOG_LEVEL: 'loud',
  });
  expect(lines).toHaveLength(5);
  expect(lines).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^PORT="http": expected a port number/),
      expect.stringMatching(/^DATABASE_URL: .*postgres:\/\/user/),
      expect.stringMatching(/^REDIS_URL: .*redis:\/\/host:6379/),
      expect.stringMatching(/^AUTH_SECRET: expected at least 32 characters/),
      expect.stringMatching(/^LOG_LEVEL="loud": .*"info"/),
    ]),
  );
});

test('errors do not repeat passwords and secrets', () => {
  const lines = linesOf({ DATABASE_URL: 'mysql://user:hunter2@db', AUTH_SECRET: 'hunter2' }).join('\n');
  expect(lines).toMatch(/DATABASE_URL/);
  expect(lines).not.toMatch(/hunter2/);
});

test('DATABASE_URL without a way to verify tokens is an error that says what to set', () => {
  const url = 'postgres://localhost/parley';
  expect(linesOf({ DATABASE_URL: url })).toEqual([
    expect.stringMatching(/^AUTH_SECRET: missing.*AUTH_SECRET.*AUTH_JWKS_URL/),
  ]);
  expect(linesOf({ DATABASE_URL: url, AUTH_SECRET: SECRET })).toEqual([]);
  expect(linesOf({ DATABASE_URL: url, AUTH_JWKS_URL: 'https://id.example.com/jwks.json' })).toEqual([]);
});

test('REDIS_URL without DATABASE_URL is an error, because one process owns the embedded database', () => {
  expect(linesOf({ REDIS_URL: 'redis://localhost:6379' })).toEqual([
    expect.stringMatching(/^REDIS_URL: needs DATABASE_URL/),
  ]);
});

test('DATABASE_URL may name a Unix socket', () => {
  const env = { DATABASE_URL: 'postgresql:///parley?host=/var/run/postgresql', AUTH_SECRET: SECRET };
  expect(loadConfig(env).databaseUrl).toBe(env.DATABASE_URL);
});

describe('production', () => {
  const server = { DATABASE_URL: 'postgres://localhost/parley' };
  const all = { graphiql: true, introspection: true, suggestions: true, demoTokens: true };
  const nothing = { graphiql: false, introspection: false, suggestions: false, demoTokens: false };

  test.each<[object, object]>([
    [{}, all],
    [{ NODE_ENV: 'development' }, all],
    [{ NODE_ENV: 'test' }, all],
    [{ NODE_ENV: 'development', ...server }, all],
    [{ NODE_ENV: 'production' }, nothing],
    [{ NODE_ENV: 'staging' }, nothing],
    [server, nothing],
    [{ NODE_ENV: 'production', ...server }, nothing],
  ])('with %o a node shows of itself what %o says', (env, expected) => {
    expect(deriveExposure(env)).toEqual(expected);
  });

  test.each(['GRAPHIQL', 'INTROSPECTION', 'SUGGESTIONS'])('%s alone decides about its part', (variable) => {
    const part = { [variable.toLowerCase()]: true };
    expect(deriveExposure({ NODE_ENV: 'production', [variable]: true })).toEqual({ ...nothing, ...part });
    expect(deriveExposure({ [variable]: false })).toEqual({ ...all, [variable.toLowerCase()]: false });
  });

  test('a node that executes listed documents alone needs a list, and has no GraphiQL', () => {
    const listed = { PERSISTED_ONLY: 'true', PERSISTED_DOCUMENTS: 'a.json, b.json' };
    expect(loadConfig(listed)).toMatchObject({
      exposure: { ...all, graphiql: false },
      persisted: { files: ['a.json', 'b.json'], isListOnly: true },
    });
    expect(linesOf({ PERSISTED_ONLY: 'true' })).toEqual([
      expect.stringMatching(/^PERSISTED_DOCUMENTS: missing/),
    ]);
    expect(linesOf({ ...listed, GRAPHIQL: 'true' })).toEqual([
      expect.stringMatching(/^GRAPHIQL="true": does not go with PERSISTED_ONLY/),
    ]);
  });

  test('a flag is true or false', () => {
    expect(loadConfig({ NODE_ENV: 'production', GRAPHIQL: 'true' }).exposure).toMatchObject({
      graphiql: true,
    });
    expect(linesOf({ GRAPHIQL: 'yes' })).toEqual(['GRAPHIQL="yes": expected true or false']);
  });
});

test.each([
  ['30m', 1_800],
  ['12h', 43_200],
  ['90s', 90],
  ['7d', 604_800],
])('AUTH_MAX_TOKEN_LIFETIME=%s is a duration', (value, seconds) => {
  expect(loadConfig({ AUTH_MAX_TOKEN_LIFETIME: value }).auth.maxLifetimeSeconds).toBe(seconds);
  expect(formatDuration(seconds)).toBe(value);
});

test.each(['soon', '30', '0d', '-1h', '1.5h', '1w', '3651d', '999999999999d', '1d '])(
  'AUTH_MAX_TOKEN_LIFETIME=%j is an error that says what is expected',
  (value) => {
    expect(linesOf({ AUTH_MAX_TOKEN_LIFETIME: value })).toEqual([
      expect.stringMatching(/^AUTH_MAX_TOKEN_LIFETIME=".*": expected a number with a unit/),
    ]);
  },
);

test('AUTH_PREVIOUS_SECRET is an error without AUTH_SECRET, or where it is short', () => {
  expect(linesOf({ AUTH_PREVIOUS_SECRET: SECRET })).toEqual([expect.stringMatching(/^AUTH_SECRET: missing/)]);
  expect(linesOf({ AUTH_PREVIOUS_SECRET: 'short', AUTH_SECRET: SECRET })).toEqual([
    expect.stringMatching(/^AUTH_PREVIOUS_SECRET: expected at least 32 characters/),
  ]);
});
