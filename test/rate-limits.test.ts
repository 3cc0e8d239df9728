import { describe, expect, test } from 'vitest';
import { loadConfig } from '../src/config.ts';
import { OPEN, parseRateLimits, RATES } from '../src/rate-limits.ts';
import { linesOf } from './support/config-lines.ts';

const read = (RATE_LIMITS: string) => loadConfig({ RATE_LIMITS }).rateLimits;

test('without a setting, the defaults are in force', () => {
  const defaults = Object.entries({ ...RATES, ...OPEN }).map(([name, { max }]) => [name, max]);
  expect(loadConfig({}).rateLimits).toEqual(Object.fromEntries(defaults));
});

test('a contact has less than a user, and the viewers together more than one', () => {
  const limits = parseRateLimits('1x') as Record<string, number>;
  for (const what of ['operations', 'cost', 'mutations', 'sockets', 'subscriptions']) {
    const [contact = 0, user = 0] = [limits[`contact.${what}`], limits[`user.${what}`]];
    expect(contact).toBeLessThan(user);
    expect(contact).toBeLessThan(limits[`contacts.${what}`] ?? 0);
    expect(user).toBeLessThan(limits[`team.${what}`] ?? 0);
  }
});

describe('RATE_LIMITS', () => {
  test('off limits nothing', () => {
    expect(read('off')).toBeNull();
  });

  test('sets single limits, and leaves the others', () => {
    expect(read('contact.operations=7, address.sockets = 9')).toEqual({
      ...read('1x'),
      'contact.operations': 7,
      'address.sockets': 9,
    });
  });

  test('multiplies all limits, except those that are set', () => {
    const limits = read('4x,contact.searches=1');
    expect(limits?.['contact.operations']).toBe(RATES['contact.operations'].max * 4);
    expect(limits?.['user.sockets']).toBe(OPEN['user.sockets'].max * 4);
    expect(limits?.['contact.searches']).toBe(1);
    expect(read('0.5x')?.['contact.operations']).toBe(RATES['contact.operations'].max / 2);
  });

  test.each([
    'contact.operation=7',
    'on',
    'contact.operations',
    'contact.operations=-1',
    '4',
    'contact.operations=1e3',
  ])('%s is refused, with what is expected', (value) => {
    expect(linesOf({ RATE_LIMITS: value })).toEqual([
      expect.stringMatching(
        /^RATE_LIMITS=".*": (there is no limit .*contact\.operations, |can't read .*expected off)/,
      ),
    ]);
  });
});

describe('TRUST_PROXY', () => {
  test('takes a number of proxies, or networks', () => {
    expect(loadConfig({}).trustedProxies).toBeUndefined();
    expect(loadConfig({ TRUST_PROXY: '2' }).trustedProxies).toBe(2);
    expect(loadConfig({ TRUST_PROXY: '10.0.0.0/8, 2001:db8::1' }).trustedProxies).toEqual([
      { address: '10.0.0.0', prefix: 8, family: 'ipv4' },
      { address: '2001:db8::1', prefix: 128, family: 'ipv6' },
    ]);
  });

  test.each([
    '0',
    '10',
    'true',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
    '10.0.0',
    '::/129',
    '10.0.0.1,',
    'x/8',
  ])('%s is refused, with what is expected', (value) => {
    expect(linesOf({ TRUST_PROXY: value })).toEqual([
      expect.stringMatching(/^TRUST_PROXY=.*expected the number of proxies/),
    ]);
  });
});
