import { decodeJwt } from 'jose';
import { beforeAll, expect, test } from 'vitest';
import { issueToken } from '../../src/cli/issue-token.ts';
import { printToken } from '../../src/cli/token.ts';
import { loadConfig } from '../../src/config.ts';
import { type Gateway, SECRET, startGateway } from '../support/gateway.ts';
import { createOrganization, type TestOrganization } from '../support/organization.ts';

const config = loadConfig({ AUTH_SECRET: SECRET, AUTH_MAX_TOKEN_LIFETIME: '2h' });

let gateway: Gateway;
let organization: TestOrganization;

beforeAll(async () => {
  gateway = await startGateway();
  organization = await createOrganization(gateway);
});

test('a token is valid for as long as was asked', async () => {
  const request = { id: organization.agent.id, lifetimeSeconds: 60 };
  const { iat = 0, exp = 0, sub, org } = decodeJwt(await issueToken(config, gateway.db, request));
  expect({ lifetime: exp - iat, sub, org }).toEqual({
    lifetime: 60,
    sub: organization.agent.id,
    org: organization.id,
  });
});

test('a lifetime that the gateway would refuse is refused when the token is made', async () => {
  const request = { id: organization.agent.id, lifetimeSeconds: 3 * 3_600 };
  await expect(issueToken(config, gateway.db, request)).rejects.toThrow(
    'token: the lifetime may be at most 2h (AUTH_MAX_TOKEN_LIFETIME)',
  );
});

test.each([
  [[], /token: give the id/],
  [['USR-1', 'soon'], /token: the lifetime "soon" is not a number with a unit/],
  [['USR-1', '1w'], /token: the lifetime "1w" is not/],
])('`npm run token -- %j` says what is missing', async (args, message) => {
  await expect(printToken({}, args)).rejects.toThrow(message);
});
