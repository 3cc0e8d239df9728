import {
  calculateJwkThumbprint,
  createRemoteJWKSet,
  errors,
  type JWTPayload,
  type JWTVerifyOptions,
  jwtVerify,
} from 'jose';
import type { Log } from '../log.ts';

// A key that the identity provider has revoked counts no longer than this, and the time of one request.
const REFRESH_INTERVAL_MS = 30_000;
// Tokens with made-up key ids must not make this server flood the identity provider.
const COOLDOWN_MS = 5_000;

export type KeySet = ReturnType<typeof startKeySet>;

export interface KeySetOptions {
  url: string;
  log: Log;
  /** @default 30000 */
  refreshIntervalMs?: number | undefined;
  /** Least time between two requests for keys that are not in the set. @default 5000 */
  cooldownMs?: number | undefined;
}

/**
 * Keys of the identity provider (JWKS), loaded again every 30 s. While they can't be loaded, those of the last time count. Keys are
 * identified by their thumbprint (RFC 7638), because a provider may give a key id to another key.
 */
export function startKeySet({
  url,
  log,
  refreshIntervalMs = REFRESH_INTERVAL_MS,
  cooldownMs = COOLDOWN_MS,
}: KeySetOptions) {
  const forever = Number.POSITIVE_INFINITY;
  // Reloads are this module's: each must be compared with the keys before it.
  const jwks = createRemoteJWKSet(new URL(url), { cacheMaxAge: forever, cooldownDuration: forever });
  const removalListeners: (() => void)[] = [];
  const thumbprints = new WeakMap<object, Promise<string>>();
  let current: Set<string> | undefined;
  let loading: Promise<void> | undefined;
  let lastTriedAt = Number.NEGATIVE_INFINITY;

  async function load() {
    lastTriedAt = Date.now();
    await jwks.reload();
    const before = current;
    const keys = jwks.jwks()?.keys ?? [];
    // A key of a kind that is unknown here verifies nothing.
    const known = await Promise.all(keys.map((key) => calculateJwkThumbprint(key).catch(() => null)));
    current = new Set(known.filter((thumbprint) => thumbprint !== null));
    if (before && [...before].some((thumbprint) => !current?.has(thumbprint))) {
      for (const listener of removalListeners) listener();
    }
  }

  function refresh(): Promise<void> {
    loading ??= load().finally(() => {
      loading = undefined;
    });
    return loading;
  }

  const timer = setInterval(() => {
    refresh().catch((error) =>
      log.warn({ err: error }, 'the keys of AUTH_JWKS_URL could not be loaded; those of the last time count'),
    );
  }, refreshIntervalMs);
  // The process must not stay alive for it.
  timer.unref();

  async function verifyNow(token: string, options: JWTVerifyOptions) {
    const { payload, key } = await jwtVerify(token, jwks, options);
    const thumbprint = thumbprints.get(key) ?? calculateJwkThumbprint(key);
    thumbprints.set(key, thumbprint);
    return { payload, keyId: await thumbprint };
  }

  return {
    /**
     * Verifies a token. Returns its claims, and the thumbprint of its key. Throws jose's errors for a token that can't be used, and a
     * plain Error when no keys could be loaded.
     */
    async verify(token: string, options: JWTVerifyOptions): Promise<{ payload: JWTPayload; keyId: string }> {
      if (!current) {
        await refresh().catch((cause) => {
          throw new Error('the keys of AUTH_JWKS_URL could not be loaded', { cause });
        });
      }
      try {
        return await verifyNow(token, options);
      } catch (error) {
        const isCooling = Date.now() - lastTriedAt < cooldownMs;
        if (!(error instanceof errors.JWKSNoMatchingKey) || isCooling) throw error;
        await refresh().catch(() => undefined);
        return verifyNow(token, options);
      }
    },
    /** Whether the key is in the set. */
    has: (keyId: string) => current?.has(keyId) ?? false,
    /** Calls back each time that a key is no longer in the set. */
    onRemoved(listener: () => void) {
      removalListeners.push(listener);
    },
    stop: () => clearInterval(timer),
  };
}
