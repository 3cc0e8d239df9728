import { expect, onTestFinished, test } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { newId } from '../../src/ids.ts';
import { createLog } from '../../src/log.ts';
import { type AuthenticationOptions, createAuthentication } from '../../src/server/authenticate.ts';
import { createSigningKey, signWith, startKeyServer } from '../support/key-server.ts';

const PERSON = { id: newId('User'), organizationId: newId('Organization') };
const NEVER_MS = 2_000_000_000;

function startAuthentication(url: string, options: Partial<AuthenticationOptions> = {}) {
  const { auth } = loadConfig({ AUTH_JWKS_URL: url });
  const authentication = createAuthentication(auth, {
    log: createLog('silent'),
    refreshIntervalMs: 10,
    cooldownMs: 0,
    ...options,
  });
  onTestFinished(() => authentication.stop());
  return authentication;
}

/** "accepted", or the message of the refusal. */
async function outcomeOf({ authenticate }: ReturnType<typeof startAuthentication>, token: string) {
  return authenticate(`Bearer ${token}`).then(
    () => 'accepted',
    ({ name, message }: Error) => `${name}: ${message}`,
  );
}

const REFUSED = expect.stringMatching(
  /^UnauthenticatedError: The token is broken, or was signed with another key/,
);

test('a token whose key the identity provider has revoked is refused, although it was accepted before', async () => {
  const [revoked, other] = [await createSigningKey('a'), await createSigningKey('b')];
  const server = await startKeyServer(revoked, other);
  const authentication = startAuthentication(server.url);
  const [token, otherToken] = [await signWith(revoked, PERSON), await signWith(other, PERSON)];
  expect(await outcomeOf(authentication, token)).toBe('accepted');
  const claims = await authentication.authenticate(`Bearer ${token}`);
  let removals = 0;
  authentication.onKeysRevoked(() => {
    removals += 1;
  });

  server.publish(other);

  await expect.poll(() => outcomeOf(authentication, token)).toEqual(REFUSED);
  expect(claims && authentication.isKeyValid(claims)).toBe(false);
  expect(removals).toBe(1);
  expect(await outcomeOf(authentication, otherToken)).toBe('accepted');
});

test('a key id that was given to another key does not keep tokens of the old key valid', async () => {
  const [old, fresh] = [await createSigningKey('same'), await createSigningKey('same')];
  const server = await startKeyServer(old);
  const authentication = startAuthentication(server.url);
  const token = await signWith(old, PERSON);
  expect(await outcomeOf(authentication, token)).toBe('accepted');
  server.publish(fresh);
  await expect.poll(() => outcomeOf(authentication, token)).toEqual(REFUSED);
  expect(await outcomeOf(authentication, await signWith(fresh, PERSON))).toBe('accepted');
});

test('a token of a new key is accepted at once, without waiting for the next refresh', async () => {
  const [old, fresh] = [await createSigningKey('old'), await createSigningKey('new')];
  const server = await startKeyServer(old);
  const authentication = startAuthentication(server.url, { refreshIntervalMs: NEVER_MS });
  expect(await outcomeOf(authentication, await signWith(old, PERSON))).toBe('accepted');
  server.publish(old, fresh);
  expect(await outcomeOf(authentication, await signWith(fresh, PERSON))).toBe('accepted');
});

test('tokens with made-up key ids make no more than one request in the cooldown', async () => {
  const [known, unknown] = [await createSigningKey('known'), await createSigningKey('unknown')];
  const server = await startKeyServer(known);
  const never = { refreshIntervalMs: NEVER_MS, cooldownMs: NEVER_MS };
  const authentication = startAuthentication(server.url, never);
  for (let count = 0; count < 20; count++)
    expect(await outcomeOf(authentication, await signWith(unknown, PERSON))).toEqual(REFUSED);
  expect(server.requests()).toBe(1);
});

test('while the keys can not be loaded, those of the last time count', async () => {
  const key = await createSigningKey('a');
  const server = await startKeyServer(key);
  const authentication = startAuthentication(server.url);
  const token = await signWith(key, PERSON);
  expect(await outcomeOf(authentication, token)).toBe('accepted');
  server.publish();
  server.answerWith(503);
  const before = server.requests();
  await expect.poll(() => server.requests()).toBeGreaterThan(before + 3);
  expect(await outcomeOf(authentication, token)).toBe('accepted');
});

test('keys that could never be loaded are a fault of the server, not of the token', async () => {
  const key = await createSigningKey('a');
  const server = await startKeyServer(key);
  server.answerWith(503);
  const authentication = startAuthentication(server.url, { refreshIntervalMs: NEVER_MS });
  const token = await signWith(key, PERSON);
  expect(await outcomeOf(authentication, token)).toBe('Error: the keys of AUTH_JWKS_URL could not be loaded');
  server.answerWith(200);
  expect(await outcomeOf(authentication, token)).toBe('accepted');
});
