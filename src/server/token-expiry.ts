// setTimeout takes a signed 32-bit integer.
const MAX_TIMEOUT_MS = 2_147_483_647;

/**
 * Calls back for each holder when its token expires. One timer for all holders, set to the next expiry. All holders are
 * scanned when it fires: at most once a second, as expiries are whole seconds.
 */
export function createTokenExpiry<Holder>(onExpire: (holder: Holder) => void) {
  const expiries = new Map<Holder, number>();
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
    for (const [holder, at] of expiries) {
      if (at > now) {
        nextAt = Math.min(nextAt, at);
        continue;
      }
      expiries.delete(holder);
      onExpire(holder);
    }
    schedule();
  }

  return {
    /** `exp` is in seconds since 1970, as in the token. */
    add(holder: Holder, exp: number) {
      expiries.set(holder, exp * 1_000);
      if (exp * 1_000 >= nextAt) return;
      nextAt = exp * 1_000;
      schedule();
    },
    delete: (holder: Holder) => void expiries.delete(holder),
    stop: () => clearTimeout(timer),
  };
}
