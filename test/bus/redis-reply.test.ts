import { type AddressInfo, createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { connectRedisBus } from '../../src/bus/bus-redis.ts';
import { createLog } from '../../src/log.ts';
import { createReceiveQueue } from '../support/receive-queue.ts';

/** A server that sends `greeting` on every connection. Resolves to its URL and to a queue of its connections. */
async function startGreeter(greeting: string) {
  const connections = createReceiveQueue<true>('connection');
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.resume().write(greeting);
    connections.put(true);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`, connections };
}

test.each([
  ['nested 50,000 deep', `${'*1\r\n'.repeat(50_000)}:1\r\n`],
  ['of no known type', '?what\r\n'],
])('a reply %s breaks the connection to Redis, and it is made again', async (_title, greeting) => {
  const { url, connections } = await startGreeter(greeting);
  const bus = connectRedisBus(url, createLog('silent'));
  onTestFinished(() => bus.stop());
  // Each kind of connection comes twice. An error that nobody handles would fail the run.
  for (let count = 0; count < 4; count++) await connections.next();
  expect(bus.isUp()).toBe(false);
});

test('a password that Redis refuses is not logged', async () => {
  // Redis answers each command: HELLO, and CLIENT twice.
  const { url, connections } = await startGreeter('-WRONGPASS invalid username-password pair\r\n'.repeat(3));
  const lines: string[] = [];
  const log = createLog('trace', { write: (line) => lines.push(line) });
  const bus = connectRedisBus(url.replace('redis://', 'redis://parley:open-sesame@'), log);
  onTestFinished(() => bus.stop());
  for (let count = 0; count < 4; count++) await connections.next();
  expect(lines.join('')).toContain('WRONGPASS');
  expect(lines.join('')).not.toMatch(/sesame|parley/);
});
