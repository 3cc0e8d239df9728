import { expect, test } from 'vitest';
import { ConfigError, loadConfig } from '../src/config.ts';

const SECRET = 'x'.repeat(32);

function linesOf(env: Record<string, string>): readonly string[] {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.lines;
    throw error;
  }
  return [];
}

test('nothing needs to be configured', () => {
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

test('all mistakes are reported at once, each naming the variable, the value and what is expected', () => {
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

test('passwords and secrets are not repeated', () => {
  const lines = linesOf({ DATABASE_URL: 'mysql://user:hunter2@db', AUTH_SECRET: 'hunter2' }).join('\n');
  expect(lines).toMatch(/DATABASE_URL/);
  expect(lines).not.toMatch(/hunter2/);
});

test('a database server is refused without a way to check tokens, with what to set', () => {
  const url = 'postgres://localhost/parley';
  expect(linesOf({ DATABASE_URL: url })).toEqual([
    expect.stringMatching(/^AUTH_SECRET: missing.*AUTH_SECRET.*AUTH_JWKS_URL/),
  ]);
  expect(linesOf({ DATABASE_URL: url, AUTH_SECRET: SECRET })).toEqual([]);
  expect(linesOf({ DATABASE_URL: url, AUTH_JWKS_URL: 'https://id.example.com/jwks.json' })).toEqual([]);
});

test('a bus without a database server is refused: the embedded one belongs to one process', () => {
  expect(linesOf({ REDIS_URL: 'redis://localhost:6379' })).toEqual([
    expect.stringMatching(/^REDIS_URL: needs DATABASE_URL/),
  ]);
});

test('a socket address of a database is accepted', () => {
  const env = { DATABASE_URL: 'postgresql:///parley?host=/var/run/postgresql', AUTH_SECRET: SECRET };
  expect(loadConfig(env).databaseUrl).toBe(env.DATABASE_URL);
});
