import { createSecretKey, type KeyObject } from 'node:crypto';
import { decodeProtectedHeader, errors, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { LRUCache } from 'lru-cache';
import { type Config, formatDuration } from '../config.ts';
import { UnauthenticatedError } from '../errors.ts';
import { type KeySetOptions, startKeySet } from './key-set.ts';

/** Claims of a token that was verified. */
export interface Claims {
  /** Id of a user, contact or bot. */
  sub: string;
  /** Id of the organization. */
  org: string;
  /** Seconds since 1970. */
  exp: number;
  /** Thumbprint of the identity provider's key that signed the token. Undefined for a token signed with AUTH_SECRET. */
  keyId?: string | undefined;
}

// Every request has a token, and verifying its signature takes longer than many queries.
const TOKEN_CACHE_MAX = 10_000;
const CLOCK_TOLERANCE_SECONDS = 5;

export type Authentication = ReturnType<typeof createAuthentication>;
export type Authenticate = Authentication['authenticate'];

export type AuthenticationOptions = Omit<KeySetOptions, 'url'>;

/** Verifies tokens with the configured secrets and the keys of the identity provider. */
export function createAuthentication(
  { secret, previousSecret, jwksUrl, issuer, audience, maxLifetimeSeconds }: Config['auth'],
  keySetOptions: AuthenticationOptions,
) {
  const secretKeys = [secret, previousSecret]
    .filter((text) => text !== undefined)
    .map((text) => createSecretKey(Buffer.from(text)));
  const keySet = jwksUrl === undefined ? undefined : startKeySet({ ...keySetOptions, url: jwksUrl });
  const verified = new LRUCache<string, Claims>({ max: TOKEN_CACHE_MAX });
  const options = {
    ...(issuer === undefined ? {} : { issuer }),
    ...(audience === undefined ? {} : { audience }),
    requiredClaims: ['sub', 'org', 'exp'],
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
  };

  async function verify(token: string): Promise<{ payload: JWTPayload; keyId?: string }> {
    const isHs256 = decodeProtectedHeader(token).alg === 'HS256';
    if (isHs256 && secretKeys.length > 0) return verifyWithAny(token, secretKeys);
    if (!isHs256 && keySet) return keySet.verify(token, options);
    throw new UnauthenticatedError(
      `The token is signed in a way that is not accepted here: expected ${secretKeys.length > 0 ? 'HS256' : 'a key of the configured JWKS'}. Get a token from the configured issuer.`,
    );
  }

  async function verifyWithAny(
    token: string,
    [key, ...others]: KeyObject[],
  ): Promise<{ payload: JWTPayload }> {
    try {
      return await jwtVerify(token, key as KeyObject, { ...options, algorithms: ['HS256'] });
    } catch (error) {
      if (others.length > 0 && error instanceof errors.JWSSignatureVerificationFailed)
        return verifyWithAny(token, others);
      throw error;
    }
  }

  /** Whether the key that signed the token still counts. */
  function isKeyValid({ keyId }: Claims): boolean {
    return keyId === undefined || (keySet?.has(keyId) ?? false);
  }

  return {
    /**
     * Verifies the value of an Authorization header. Null when there is none. Throws UnauthenticatedError, which says what to do, for a
     * token that can't be used.
     */
    async authenticate(authorization: string | null | undefined): Promise<Claims | null> {
      if (authorization == null || authorization === '') return null;
      const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
      if (!token) throw new UnauthenticatedError('The Authorization header must be "Bearer <JWT>".');
      const known = verified.get(token);
      if (known && known.exp * 1_000 > Date.now() && isKeyValid(known)) return known;
      const { payload, keyId } = await verify(token).catch(throwUnauthenticated);
      const claims = { ...toClaims(payload), keyId };
      requireLifetime(payload, claims, maxLifetimeSeconds);
      verified.set(token, claims);
      return claims;
    },
    isKeyValid,
    /** Calls back each time that the identity provider has revoked a key: `isKeyValid` may have changed. */
    onKeysRevoked: (listener: () => void) => keySet?.onRemoved(listener),
    stop: () => keySet?.stop(),
  };
}

export interface SignTokenOptions extends Pick<Config['auth'], 'issuer' | 'audience'> {
  /** @default one hour */
  lifetimeSeconds?: number | undefined;
}

/** Lifetime of the tokens of `npm run token`, where none is given. */
export const SIGNED_TOKEN_LIFETIME_SECONDS = 3_600;

/** Signs a token with HS256: for tests, scripts and the demo. */
export function signToken(
  secret: string,
  { sub, org }: Pick<Claims, 'sub' | 'org'>,
  { issuer, audience, lifetimeSeconds = SIGNED_TOKEN_LIFETIME_SECONDS }: SignTokenOptions,
) {
  const now = Math.floor(Date.now() / 1_000);
  const token = new SignJWT({ org }).setProtectedHeader({ alg: 'HS256' }).setSubject(sub).setIssuedAt(now);
  if (issuer !== undefined) token.setIssuer(issuer);
  if (audience !== undefined) token.setAudience(audience);
  return token.setExpirationTime(now + lifetimeSeconds).sign(createSecretKey(Buffer.from(secret)));
}

function toClaims({ sub, org, exp }: JWTPayload): Claims {
  if (typeof sub !== 'string' || typeof org !== 'string' || typeof exp !== 'number') {
    throw new UnauthenticatedError(
      'The token must have the claims sub, org and exp: two strings and a number.',
    );
  }
  return { sub, org, exp };
}

// A token is revoked by its expiry alone, unless its viewer or its key is.
function requireLifetime({ iat }: JWTPayload, { exp }: Claims, maxSeconds: number) {
  const now = Date.now() / 1_000;
  const issuedAt = Math.min(iat ?? now, now);
  if (exp - issuedAt <= maxSeconds + CLOCK_TOLERANCE_SECONDS) return;
  throw new UnauthenticatedError(
    `The token is valid for too long: from "iat" to "exp" at most ${formatDuration(maxSeconds)} are accepted here (AUTH_MAX_TOKEN_LIFETIME). Get one that expires earlier.`,
  );
}

function throwUnauthenticated(error: unknown): never {
  if (error instanceof errors.JWTExpired)
    throw new UnauthenticatedError('The token has expired. Get a new one, and try again.');
  if (error instanceof errors.JWTClaimValidationFailed) {
    throw new UnauthenticatedError(
      `The token can't be used: its claim "${error.claim}" is missing or has another value than expected. Get a new one, and try again.`,
    );
  }
  if (error instanceof errors.JOSEError || error instanceof TypeError) {
    throw new UnauthenticatedError(
      'The token is broken, or was signed with another key. Get a new one, and try again.',
    );
  }
  throw error;
}
