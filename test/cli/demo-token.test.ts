import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { DEMO } from '../../src/demo/demo-people.ts';
import { runParley } from '../support/process.ts';

const TOKEN = /eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+/;

// The first start fills the database.
vi.setConfig({ testTimeout: 120_000 });

let DATA_DIR: string;

beforeAll(async () => {
  DATA_DIR = await mkdtemp(join(tmpdir(), 'parley-demo-'));
});

afterAll(() => rm(DATA_DIR, { recursive: true, force: true, maxRetries: 5 }));

async function startAndStop(env: Record<string, string>, use: (url: string) => Promise<void>) {
  const program = runParley(['serve'], { DATA_DIR, ...env });
  onTestFinished(() => void program.child.kill('SIGKILL'));
  const [, url = ''] = await program.printed(/ready at (http:\/\/\S+)\/graphql/);
  try {
    await use(url);
  } finally {
    program.child.kill('SIGTERM');
    await program.exited;
  }
  return program.output();
}

test('a start without NODE_ENV prints tokens for a day, and gives GraphiQL one for an hour', async () => {
  const output = await startAndStop({ NODE_ENV: '' }, async (url) => {
    const given = await fetch(`${url}/graphql/demo-token`);
    const { token } = (await given.json()) as { token: string };
    const { sub, exp = 0, iat = 0 } = decodeJwt(token);
    expect([sub, exp - iat]).toEqual([DEMO.agentId, 3_600]);
    const answer = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query: '{ viewer { identity { id } } }' }),
    });
    expect(await answer.json()).toEqual({ data: { viewer: { identity: { id: DEMO.agentId } } } });
  });
  const printed = output.match(new RegExp(TOKEN, 'g')) ?? [];
  const lifetimes = printed.map((token) => decodeJwt(token)).map(({ exp = 0, iat = 0 }) => exp - iat);
  expect(lifetimes).toEqual([86_400, 86_400, 86_400]);
});

test.each([
  ['in production', { NODE_ENV: 'production' }],
  ['in production with GraphiQL', { NODE_ENV: 'production', GRAPHIQL: 'true' }],
])('a start %s shows no token', async (_when, env) => {
  const output = await startAndStop(env, async (url) => {
    for (const path of ['/graphql', '/graphql/demo-token']) {
      const response = await fetch(`${url}${path}`, { headers: { accept: 'text/html' } });
      expect(await response.text()).not.toMatch(TOKEN);
    }
  });
  expect(output).not.toMatch(TOKEN);
});

test('seed prints ids of people and no token', async () => {
  const program = runParley(['seed'], { DATA_DIR, NODE_ENV: '' });
  expect(await program.exited).toBe(0);
  expect(program.output()).toContain(`agent ${DEMO.agentId}`);
  expect(program.output()).not.toMatch(TOKEN);
});
