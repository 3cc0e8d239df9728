// setTimeout takes no more.
const MAX_TIMER_MS = 2_147_483_647;

/**
 * Calls back for each whose token has expired. One timer for all, for the next of them: they are looked through at that moment, which comes
 * once a second at most, as tokens count in seconds.
 */
export function createTokenExpiry<Bearer>(expire: (bearer: Bearer) => void) {
  const expiries = new Map<Bearer, number>();
  let nextAt = Number.POSITIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;

  function wait() {
    clearTimeout(timer);
    if (expiries.size === 0) return;
    timer = setTimeout(expireAll, Math.min(Math.max(0, nextAt - Date.now()), MAX_TIMER_MS));
  }

  function expireAll() {
    const now = Date.now();
    nextAt = Number.POSITIVE_INFINITY;
    for (const [bearer, at] of expiries) {
      if (at > now) {
        nextAt = Math.min(nextAt, at);
        continue;
      }
      expiries.delete(bearer);
      expire(bearer);
    }
    wait();
  }

  return {
    /** Seconds since 1970. */
    add(bearer: Bearer, exp: number) {
      expiries.set(bearer, exp * 1_000);
      if (exp * 1_000 >= nextAt) return;
      nextAt = exp * 1_000;
      wait();
    },
    /** It is gone. */
    delete: (bearer: Bearer) => void expiries.delete(bearer),
    stop: () => clearTimeout(timer),
  };
}
