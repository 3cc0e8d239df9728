import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { onTestFinished } from 'vitest';

export interface SigningKey {
  jwk: JWK;
  privateKey: CryptoKey;
}

/** Creates a key pair of an identity provider. */
export async function createSigningKey(kid: string): Promise<SigningKey> {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  return { jwk: { ...(await exportJWK(publicKey)), kid, alg: 'ES256' }, privateKey };
}

/** Signs a token that is valid for a minute. */
export function signWith(
  { jwk, privateKey }: SigningKey,
  { id, organizationId }: { id: string; organizationId: string },
): Promise<string> {
  return new SignJWT({ org: organizationId })
    .setProtectedHeader({ alg: 'ES256', kid: jwk.kid ?? '' })
    .setSubject(id)
    .setIssuedAt()
    .setExpirationTime('1m')
    .sign(privateKey);
}

/** An identity provider's key set at a URL of its own, for the duration of the test. */
export async function startKeyServer(...published: SigningKey[]) {
  let keys = published;
  let status = 200;
  let requests = 0;
  const server = createServer((_request, response) => {
    requests += 1;
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ keys: keys.map(({ jwk }) => jwk) }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`,
    /** Publishes these keys from now on. */
    publish(...next: SigningKey[]) {
      keys = next;
    },
    /** Answers with this status from now on. */
    answerWith(next: number) {
      status = next;
    },
    requests: () => requests,
  };
}
