import type { IncomingMessage } from 'node:http';
import { describe, expect, test } from 'vitest';
import { createClientAddress } from '../../src/server/client-address.ts';
import { parseTrustedProxies } from '../../src/trusted-proxies.ts';

function addressOf(trust: string | undefined, remoteAddress: string | undefined, forwarded?: string) {
  const trusted = trust === undefined ? undefined : (parseTrustedProxies(trust) ?? undefined);
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
  return createClientAddress(trusted)({ socket: { remoteAddress }, headers } as unknown as IncomingMessage);
}

describe('without a trusted proxy', () => {
  test('the address is that of the connection, whatever the headers say', () => {
    expect(addressOf(undefined, '203.0.113.7', '198.51.100.1')).toBe('203.0.113.7');
  });

  test('a connection that has closed has none', () => {
    expect(addressOf(undefined, undefined)).toBe('unknown');
  });
});

describe('behind a number of proxies', () => {
  test('the last of as many addresses is the client, and what it wrote itself does not count', () => {
    expect(addressOf('1', '10.0.0.1', '6.6.6.6, 203.0.113.7')).toBe('203.0.113.7');
    expect(addressOf('2', '10.0.0.1', '6.6.6.6, 203.0.113.7, 10.0.0.2')).toBe('203.0.113.7');
  });

  test('with fewer addresses than proxies, the farthest is the client', () => {
    expect(addressOf('3', '10.0.0.1', '203.0.113.7, 10.0.0.2')).toBe('203.0.113.7');
    expect(addressOf('1', '10.0.0.1')).toBe('10.0.0.1');
  });
});

describe('behind networks of proxies', () => {
  const trust = '10.0.0.0/8,fd00::/8';

  test('the last address outside of them is the client', () => {
    expect(addressOf(trust, '10.0.0.1', '6.6.6.6, 203.0.113.7, 10.1.2.3')).toBe('203.0.113.7');
    expect(addressOf(trust, 'fd00::1', '203.0.113.7, 10.1.2.3')).toBe('203.0.113.7');
    expect(addressOf(trust, '::ffff:10.0.0.1', '203.0.113.7')).toBe('203.0.113.7');
  });

  test('a client that comes by itself is not believed', () => {
    expect(addressOf(trust, '203.0.113.7', '10.0.0.9')).toBe('203.0.113.7');
  });
});

describe('a header', () => {
  test.each([
    ['203.0.113.7:4711', '203.0.113.7'],
    ['[2001:db8:1:2:3::7]:4711', '2001:db8:1:2::/64'],
    ['[2001:db8:1:2:3::7]', '2001:db8:1:2::/64'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
  ])('%s is read', (forwarded, expected) => {
    expect(addressOf('1', '10.0.0.1', forwarded)).toBe(expected);
  });

  test.each(['unknown', '', 'secret', '203.0.113.7.9', '1'.repeat(100_000), '<script>', ',,,'])(
    'without an address (%#) leaves the proxy as the address',
    (forwarded) => {
      expect(addressOf('1', '10.0.0.1', forwarded)).toBe('10.0.0.1');
    },
  );

  test('of 100,000 addresses is read from its end alone', () => {
    const forwarded = `${'10.0.0.1,'.repeat(100_000)}203.0.113.7`;
    expect(addressOf('10.0.0.0/8', '10.0.0.1', forwarded)).toBe('203.0.113.7');
    expect(addressOf('10.0.0.0/8', '10.0.0.1', '10.0.0.1,'.repeat(100_000))).toBe('10.0.0.1');
  });
});

test.each([
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::1', '2001:db8:1:2::/64'],
  ['2001:DB8::1', '2001:db8:0:0::/64'],
  ['2001:0db8:0000:0000:0000:0000:0000:0001', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
])('the IPv6 address %s counts as its network %s', (address, network) => {
  expect(addressOf(undefined, address)).toBe(network);
});
