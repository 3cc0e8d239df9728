import { createSecretKey } from 'node:crypto';
import { createRemoteJWKSet, decodeProtectedHeader, errors, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { LRUCache } from 'lru-cache';
import type { Config } from '../config.ts';
import { UnauthenticatedError } from '../errors.ts';

/** Claims of a token that was verified. */
export interface Claims {
  /** Id of a user, contact or bot. */
  sub: string;
  /** Id of the organization. */
  org: string;
  /** Seconds since 1970. */
  exp: number;
}

// Every request has a token, and verifying its signature takes longer than many queries.
const TOKEN_CACHE_MAX = 10_000;
const CLOCK_TOLERANCE_SECONDS = 5;
const SIGNED_TOKEN_LIFETIME_SECONDS = 30 * 86_400;

export type Authenticate = ReturnType<typeof createAuthenticate>;

/**
 * Verifies the value of an Authorization header. Null when there is none. Throws UnauthenticatedError, which says what to do,
 * for a token that can't be used.
 */
export function createAuthenticate({ secret, jwksUrl, issuer, audience }: Config['auth']) {
  const secretKey = secret === undefined ? undefined : createSecretKey(Buffer.from(secret));
  const jwks = jwksUrl === undefined ? undefined : createRemoteJWKSet(new URL(jwksUrl));
  const verified = new LRUCache<string, Claims>({ max: TOKEN_CACHE_MAX });
  const options = {
    ...(issuer === undefined ? {} : { issuer }),
    ...(audience === undefined ? {} : { audience }),
    requiredClaims: ['sub', 'org', 'exp'],
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
  };

  async function verify(token: string): Promise<JWTPayload> {
    const isHs256 = decodeProtectedHeader(token).alg === 'HS256';
    if (isHs256 && secretKey)
      return (await jwtVerify(token, secretKey, { ...options, algorithms: ['HS256'] })).payload;
    if (!isHs256 && jwks) return (await jwtVerify(token, jwks, options)).payload;
    throw new UnauthenticatedError(
      `The token is signed in a way that is not accepted here: expected ${secretKey ? 'HS256' : 'a key of the configured JWKS'}. Get a token from the configured issuer.`,
    );
  }

  return async function authenticate(authorization: string | null | undefined): Promise<Claims | null> {
    if (authorization == null || authorization === '') return null;
    const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
    if (!token) throw new UnauthenticatedError('The Authorization header must be "Bearer <JWT>".');
    const known = verified.get(token);
    if (known && known.exp * 1_000 > Date.now()) return known;
    const claims = toClaims(await verify(token).catch(throwUnauthenticated));
    verified.set(token, claims);
    return claims;
  };
}

/** Signs a token with HS256, valid for 30 days by default: for tests, scripts and the demo. */
export function signToken(
  secret: string,
  { sub, org }: Pick<Claims, 'sub' | 'org'>,
  {
    issuer,
    audience,
    lifetimeSeconds = SIGNED_TOKEN_LIFETIME_SECONDS,
  }: Pick<Config['auth'], 'issuer' | 'audience'> & { lifetimeSeconds?: number },
) {
  const token = new SignJWT({ org }).setProtectedHeader({ alg: 'HS256' }).setSubject(sub).setIssuedAt();
  if (issuer !== undefined) token.setIssuer(issuer);
  if (audience !== undefined) token.setAudience(audience);
  return token.setExpirationTime(`${lifetimeSeconds}s`).sign(createSecretKey(Buffer.from(secret)));
}

function toClaims({ sub, org, exp }: JWTPayload): Claims {
  if (typeof sub !== 'string' || typeof org !== 'string' || typeof exp !== 'number') {
    throw new UnauthenticatedError(
      'The token must have the claims sub, org and exp: two strings and a number.',
    );
  }
  return { sub, org, exp };
}

function throwUnauthenticated(error: unknown): never {
  if (error instanceof errors.JWTExpired)
    throw new UnauthenticatedError('The token has expired. Get a new one, and try again.');
  if (error instanceof errors.JWTClaimValidationFailed) {
    throw new UnauthenticatedError(
      `The token can't be used: its claim "${error.claim}" is missing or has another value than expected. Get a new one, and try again.`,
    );
  }
  // The key set could not be loaded. This is a fault of ours and is masked.
  if (error instanceof errors.JWKSTimeout) throw error;
  if (error instanceof errors.JOSEError || error instanceof TypeError) {
    throw new UnauthenticatedError(
      'The token is broken, or was signed with another key. Get a new one, and try again.',
    );
  }
  throw error;
}
