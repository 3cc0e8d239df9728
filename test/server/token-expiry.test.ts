import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createTokenExpiry } from '../../src/server/token-expiry.ts';

const DAY_SECONDS = 86_400;
const NOW_SECONDS = 1_800_000_000;

beforeEach(() => {
  vi.useFakeTimers({ now: NOW_SECONDS * 1_000 });
});

afterEach(() => {
  vi.useRealTimers();
});

/** Advances the clock to this many seconds after the start. */
function advanceTo(seconds: number) {
  vi.advanceTimersByTime((NOW_SECONDS + seconds) * 1_000 - Date.now());
}

test('bearers expire in the order of their tokens, and none too early', () => {
  const expired: string[] = [];
  const expiry = createTokenExpiry<string>((bearer) => expired.push(bearer));
  expiry.add('second', NOW_SECONDS + 20);
  expiry.add('first', NOW_SECONDS + 10);
  advanceTo(9.9);
  expect(expired).toEqual([]);
  advanceTo(10);
  expect(expired).toEqual(['first']);
  advanceTo(20);
  expect(expired).toEqual(['first', 'second']);
});

test('a bearer that was deleted does not expire', () => {
  const onExpire = vi.fn();
  const expiry = createTokenExpiry<string>(onExpire);
  expiry.add('gone', NOW_SECONDS + 10);
  expiry.delete('gone');
  advanceTo(60);
  expect(onExpire).not.toHaveBeenCalled();
});

test('a token may live longer than setTimeout can wait', () => {
  const onExpire = vi.fn();
  const expiry = createTokenExpiry<string>(onExpire);
  expiry.add('patient', NOW_SECONDS + 60 * DAY_SECONDS);
  advanceTo(59 * DAY_SECONDS);
  expect(onExpire).not.toHaveBeenCalled();
  advanceTo(60 * DAY_SECONDS);
  expect(onExpire).toHaveBeenCalledWith('patient');
});
