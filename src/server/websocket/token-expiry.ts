// setTimeout takes a signed 32-bit integer.
const MAX_TIMEOUT_MS = 2_147_483_647;

/**
 * Calls back for each bearer when its token expires. One timer for all bearers, set to the next expiry. All bearers are
 * scanned when it fires: at most once a second, as expiries are whole seconds.
 */
export function createTokenExpiry<Bearer>(onExpire: (bearer: Bearer) => void) {
  const expiries = new Map<Bearer, number>();
  let nextAt = Number.POSITIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;

  function schedule() {
    clearTimeout(timer);
    if (expiries.size === 0) return;
    timer = setTimeout(expire, Math.min(Math.max(0, nextAt - Date.now()), MAX_TIMEOUT_MS));
  }

  function expire() {
    const now = Date.now();
    nextAt = Number.POSITIVE_INFINITY;
    for (const [bearer, at] of expiries) {
      if (at > now) {
        nextAt = Math.min(nextAt, at);
        continue;
      }
      expiries.delete(bearer);
      onExpire(bearer);
    }
    schedule();
  }

  return {
    /** `exp` is in seconds since 1970, as in the token. */
    add(bearer: Bearer, exp: number) {
      expiries.set(bearer, exp * 1_000);
      if (exp * 1_000 >= nextAt) return;
      nextAt = exp * 1_000;
      schedule();
    },
    delete: (bearer: Bearer) => void expiries.delete(bearer),
    stop: () => clearTimeout(timer),
  };
}
