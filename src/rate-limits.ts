// Shares of viewers, organizations and addresses. RATE_LIMITS changes them (config.ts), and docs/limits.md is printed from them.
//
// Names say whose share it is: one `address`, one `contact`, one `user` (users and bots), all `contacts` of an organization, or its whole `team`.
// Contacts have a share of their own, so that a crowd of them can't take what their organization's team needs.

interface Rate {
  readonly max: number;
  /** Length of a window, which begins with the first that is counted. */
  readonly seconds: number;
  /** Noun in the plural. */
  readonly what: string;
}

/** Rates. An inbox page of 50 rows costs some 4,000 points, and the start of a chat window with its history some 13,000. */
export const RATES = {
  'address.handshakes': { max: 300, seconds: 10, what: 'websocket handshakes' },
  'address.failures': { max: 300, seconds: 60, what: 'tokens that can not be used' },
  'address.operations': { max: 300, seconds: 10, what: 'operations without a token' },
  'contact.operations': { max: 200, seconds: 10, what: 'operations' },
  'contact.cost': { max: 80_000, seconds: 10, what: 'complexity points' },
  'contact.mutations': { max: 60, seconds: 10, what: 'changes' },
  'contact.conversations': { max: 20, seconds: 3_600, what: 'new conversations' },
  'user.operations': { max: 1_000, seconds: 10, what: 'operations' },
  'user.cost': { max: 500_000, seconds: 10, what: 'complexity points' },
  'user.mutations': { max: 600, seconds: 10, what: 'changes' },
  'contacts.operations': { max: 10_000, seconds: 10, what: 'operations' },
  'contacts.cost': { max: 5_000_000, seconds: 10, what: 'complexity points' },
  'contacts.mutations': { max: 3_000, seconds: 10, what: 'changes' },
  'team.operations': { max: 20_000, seconds: 10, what: 'operations' },
  'team.cost': { max: 10_000_000, seconds: 10, what: 'complexity points' },
  'team.mutations': { max: 6_000, seconds: 10, what: 'changes' },
} as const satisfies Record<string, Rate>;

/** Numbers of what may be open at the same time, on one node. A socket is a websocket or an event stream. */
export const OPEN = {
  'address.connections': { max: 2_000, what: 'connections' },
  'address.sockets': { max: 1_000, what: 'websockets and event streams' },
  'contact.sockets': { max: 20, what: 'websockets and event streams' },
  'contact.subscriptions': { max: 50, what: 'subscriptions' },
  'contact.searches': { max: 10, what: 'subscriptions with a search text' },
  'user.sockets': { max: 100, what: 'websockets and event streams' },
  'user.subscriptions': { max: 1_000, what: 'subscriptions' },
  'contacts.sockets': { max: 20_000, what: 'websockets and event streams' },
  'contacts.subscriptions': { max: 50_000, what: 'subscriptions' },
  'team.sockets': { max: 20_000, what: 'websockets and event streams' },
  'team.subscriptions': { max: 50_000, what: 'subscriptions' },
} as const satisfies Record<string, Omit<Rate, 'seconds'>>;

export type RateName = keyof typeof RATES;
export type OpenName = keyof typeof OPEN;

/** The maxima in force, by name. */
export type RateLimits = Readonly<Record<RateName | OpenName, number>>;

const NAMES = [...Object.keys(RATES), ...Object.keys(OPEN)] as (RateName | OpenName)[];
const FACTOR = /^(\d+(?:\.\d+)?)x$/;
const OVERRIDE = /^([a-z]+\.[a-z]+) ?= ?(\d+)$/;

/** A part of RATE_LIMITS that can't be used. */
export class RateLimitsError extends Error {
  override readonly name = 'RateLimitsError';
}

/**
 * Reads RATE_LIMITS: `off`, or a list of overrides such as `contact.operations=400` and of one factor for all the others such as `4x`,
 * separated by commas. Null when off. Throws RateLimitsError.
 */
export function parseRateLimits(text: string): RateLimits | null {
  if (text.trim() === 'off') return null;
  let factor = 1;
  const overrides = new Map<string, number>();
  for (const part of text.split(',').map((one) => one.trim())) {
    const [, factorText] = FACTOR.exec(part) ?? [];
    const [, name = '', max = ''] = OVERRIDE.exec(part) ?? [];
    if (factorText !== undefined) factor = Number(factorText);
    else if (NAMES.some((known) => known === name)) overrides.set(name, Number(max));
    else if (name)
      throw new RateLimitsError(`there is no limit "${name}". The limits are ${NAMES.join(', ')}`);
    else if (part !== '') {
      throw new RateLimitsError(
        `can't read "${part}": expected off, a factor such as 4x, or limits such as contact.operations=400, separated by commas`,
      );
    }
  }
  const maxima: Record<string, { max: number }> = { ...RATES, ...OPEN };
  return Object.fromEntries(
    NAMES.map((name) => [
      name,
      overrides.get(name) ?? Math.max(1, Math.round((maxima[name]?.max ?? 0) * factor)),
    ]),
  ) as RateLimits;
}
