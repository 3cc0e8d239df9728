import { createSecretKey } from 'node:crypto';
import { createRemoteJWKSet, decodeProtectedHeader, errors, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { LRUCache } from 'lru-cache';
import type { Config } from '../config.ts';
import { UnauthenticatedError } from '../errors.ts';

/** What a token says. */
export interface Claims {
  sub: string;
  org: string;
  /** Seconds since 1970. */
  exp: number;
}

// A token comes with every request of its bearer; checking its signature takes longer than many a query.
const TOKEN_CACHE_MAX = 10_000;
const CLOCK_TOLERANCE_SECONDS = 5;
const DEMO_TOKEN_LIFETIME = '30d';

export type Authenticate = ReturnType<typeof createAuthenticate>;

/**
 * Checks the value of an Authorization header. Null when there is none; throws UnauthenticatedError, with what to do, when it
 * is no valid token.
 */
export function createAuthenticate({ secret, jwksUrl, issuer, audience }: Config['auth']) {
  const secretKey = secret === undefined ? undefined : createSecretKey(Buffer.from(secret));
  const jwks = jwksUrl === undefined ? undefined : createRemoteJWKSet(new URL(jwksUrl));
  const checked = new LRUCache<string, Claims>({ max: TOKEN_CACHE_MAX });
  const options = {
    ...(issuer === undefined ? {} : { issuer }),
    ...(audience === undefined ? {} : { audience }),
    requiredClaims: ['sub', 'org', 'exp'],
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
  };

  async function verify(token: string): Promise<JWTPayload> {
    const isSigned = decodeProtectedHeader(token).alg === 'HS256';
    if (isSigned && secretKey)
      return (await jwtVerify(token, secretKey, { ...options, algorithms: ['HS256'] })).payload;
    if (!isSigned && jwks) return (await jwtVerify(token, jwks, options)).payload;
    throw new UnauthenticatedError(
      `The token is signed in a way that is not accepted here: expected ${secretKey ? 'HS256' : 'a key of the configured JWKS'}.`,
    );
  }

  return async function authenticate(authorization: string | null | undefined): Promise<Claims | null> {
    if (authorization == null || authorization === '') return null;
    const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
    if (!token) throw new UnauthenticatedError('The Authorization header must be "Bearer <JWT>".');
    const known = checked.get(token);
    if (known && known.exp * 1_000 > Date.now()) return known;
    const claims = toClaims(await verify(token).catch(throwUnauthenticated));
    checked.set(token, claims);
    return claims;
  };
}

/** A token for tests, scripts and the demo. */
export function signToken(
  secret: string,
  { sub, org }: Pick<Claims, 'sub' | 'org'>,
  { issuer, audience }: Pick<Config['auth'], 'issuer' | 'audience'>,
) {
  const token = new SignJWT({ org }).setProtectedHeader({ alg: 'HS256' }).setSubject(sub).setIssuedAt();
  if (issuer !== undefined) token.setIssuer(issuer);
  if (audience !== undefined) token.setAudience(audience);
  return token.setExpirationTime(DEMO_TOKEN_LIFETIME).sign(createSecretKey(Buffer.from(secret)));
}

function toClaims({ sub, org, exp }: JWTPayload): Claims {
  if (typeof sub !== 'string' || typeof org !== 'string' || typeof exp !== 'number') {
    throw new UnauthenticatedError('The token must have the claims sub, org and exp.');
  }
  return { sub, org, exp };
}

function throwUnauthenticated(error: unknown): never {
  if (error instanceof errors.JWTExpired)
    throw new UnauthenticatedError('The token has expired. Get a new one, and try again.');
  if (error instanceof errors.JWTClaimValidationFailed) {
    throw new UnauthenticatedError(
      `The token can't be used: its claim "${error.claim}" is missing or not the expected one.`,
    );
  }
  // The key set could not be loaded: no fault of the client's, and nothing about it for them.
  if (error instanceof errors.JWKSTimeout) throw error;
  if (error instanceof errors.JOSEError || error instanceof TypeError) {
    throw new UnauthenticatedError(
      'The token is broken, or was signed with another key. Get a new one, and try again.',
    );
  }
  throw error;
}
