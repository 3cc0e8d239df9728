import { expect, test } from 'vitest';
import { TooManyOpenError } from '../../src/errors.ts';
import { parseRateLimits } from '../../src/rate-limits.ts';
import { createOpenLimit, type OpenEntry } from '../../src/server/open-limit.ts';
import { times } from '../support/times.ts';

const of = (viewer: string): OpenEntry[] => [
  ['contact.sockets', viewer],
  ['contacts.sockets', 'ORG-1'],
];

test('each viewer has a number, and all together have one', () => {
  const open = createOpenLimit(parseRateLimits('contact.sockets=2,contacts.sockets=3'));
  const releases = [open.acquire(of('a')), open.acquire(of('a')), open.acquire(of('b'))];
  expect(() => open.acquire(of('a'))).toThrow(
    'This viewer has 2 websockets and event streams open on this node already. Close one, or use those.',
  );
  expect(() => open.acquire(of('b'))).toThrow('The contacts of this organization have 3 websockets');
  releases[0]?.();
  open.acquire(of('a'));
});

test('what is refused counts for nobody, and what is closed twice counts once', () => {
  const open = createOpenLimit(parseRateLimits('contact.sockets=1,contacts.sockets=2'));
  const release = open.acquire(of('a'));
  for (const _ of times(5, String)) expect(() => open.acquire(of('a'))).toThrow(TooManyOpenError);
  open.acquire(of('b'));
  release();
  release();
  open.acquire(of('a'));
  expect(() => open.acquire(of('c'))).toThrow(TooManyOpenError);
});

test('off refuses nothing', () => {
  const open = createOpenLimit(null);
  for (const _ of times(100_000, String)) open.acquire(of('a'));
});
