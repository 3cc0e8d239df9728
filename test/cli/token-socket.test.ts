import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serveTokens } from '../../src/cli/token-socket.ts';
import { type Config, loadConfig } from '../../src/config.ts';
import { createLog } from '../../src/log.ts';
import { SECRET, startGateway } from '../support/gateway.ts';
import { createOrganization, type TestOrganization } from '../support/organization.ts';
import { runParley } from '../support/process.ts';

let organization: TestOrganization;
let config: Config;
let stop: () => Promise<void>;

beforeAll(async () => {
  const { db } = await startGateway();
  organization = await createOrganization({ db });
  const DATA_DIR = await mkdtemp(join(tmpdir(), 'parley-token-'));
  config = loadConfig({ DATA_DIR, AUTH_SECRET: SECRET, AUTH_MAX_TOKEN_LIFETIME: '2h' });
  stop = await serveTokens({ config, db, log: createLog('warn') });
});

afterAll(async () => {
  await stop();
  await rm(config.dataDir, { recursive: true, force: true });
});

async function printToken(...args: string[]) {
  const program = runParley(['token', ...args], { DATA_DIR: config.dataDir, AUTH_SECRET: SECRET });
  return { code: await program.exited, output: program.output() };
}

test('`npm run token` prints the token that the running gateway signs', async () => {
  const { code, output } = await printToken(organization.agent.id, '5m');
  const { sub, iat = 0, exp = 0 } = decodeJwt(output.trim());
  expect({ code, sub, lifetime: exp - iat }).toEqual({ code: 0, sub: organization.agent.id, lifetime: 300 });
});

test.each([
  ['an unknown id', ['USR-unknown'], /^There is no user, contact or bot "USR-unknown"\. [^\n]+\n$/],
  [
    'a lifetime that is too long',
    ['USR-1', '3h'],
    /the lifetime may be at most 2h \(AUTH_MAX_TOKEN_LIFETIME\)\n$/,
  ],
])('says what is wrong with %s, without a stack', async (_what, args, message) => {
  const { code, output } = await printToken(...args);
  expect(output).toMatch(message);
  expect(output).not.toMatch(/^ +at /m);
  expect(code).toBe(1);
});

test('an unknown command is answered with the known ones', async () => {
  const program = runParley(['tokens']);
  expect(await program.exited).toBe(1);
  expect(program.output()).toMatch(/^There is no command "tokens"\. Use one of: serve, token, [^\n]+\.\n$/);
});
