import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { Bus } from '../../src/bus/bus.ts';
import { createMemoryBus } from '../../src/bus/bus-memory.ts';
import { connectRedisBus } from '../../src/bus/bus-redis.ts';
import { createLog } from '../../src/log.ts';
import { createReceiveQueue } from '../support/receive-queue.ts';

const redisUrl = process.env.TEST_REDIS_URL;

const BUSES: Record<string, () => Bus> = {
  memory: createMemoryBus,
  ...(redisUrl === undefined ? {} : { redis: () => connectRedisBus(redisUrl, createLog('silent')) }),
};

for (const [name, connect] of Object.entries(BUSES)) {
  describe(`the ${name} bus`, () => {
    let channel: string;

    beforeEach(() => {
      channel = `test:${randomUUID()}`;
    });

    async function connected(): Promise<Bus> {
      const bus = connect();
      onTestFinished(() => bus.stop());
      await expect.poll(() => bus.isUp()).toBe(true);
      return bus;
    }

    async function subscribe(bus: Bus, to = channel) {
      const inbox = createReceiveQueue<string>('message');
      const unsubscribe = await bus.subscribe(to, inbox.put);
      return { next: inbox.next, unsubscribe };
    }

    test('messages published after subscribe has resolved arrive in order', async () => {
      const bus = await connected();
      for (let round = 0; round < 50; round++) {
        const { next, unsubscribe } = await subscribe(bus, `${channel}:${round}`);
        bus.publish(`${channel}:${round}`, 'one');
        bus.publish(`${channel}:${round}`, 'two');
        expect([await next(), await next()]).toEqual(['one', 'two']);
        await unsubscribe();
      }
    });

    test('publish returns before the listener is called', async () => {
      const bus = await connected();
      const heard: string[] = [];
      await bus.subscribe(channel, (message) => heard.push(message));
      bus.publish(channel, 'one');
      expect(heard).toEqual([]);
      await expect.poll(() => heard).toEqual(['one']);
    });

    test('a subscriber gets the messages of its own channel only', async () => {
      const bus = await connected();
      const { next } = await subscribe(bus);
      bus.publish(`${channel}:other`, 'theirs');
      bus.publish(channel, 'ours');
      expect(await next()).toBe('ours');
    });

    test('a subscriber still gets messages after another channel was unsubscribed', async () => {
      const bus = await connected();
      const [stays, leaves] = [await subscribe(bus), await subscribe(bus, `${channel}:other`)];
      await leaves.unsubscribe();
      bus.publish(channel, 'still here');
      expect(await stays.next()).toBe('still here');
    });

    test('an unsubscribed listener gets no more messages, and its successor does', async () => {
      const bus = await connected();
      const heard: string[] = [];
      const leave = await bus.subscribe(channel, (message) => heard.push(message));
      await leave();
      const { next } = await subscribe(bus);
      bus.publish(channel, 'one');
      expect([await next(), heard]).toEqual(['one', []]);
    });

    test('unsubscribing a replaced listener leaves its successor subscribed', async () => {
      const bus = await connected();
      const first = await subscribe(bus);
      const second = await subscribe(bus);
      await first.unsubscribe();
      bus.publish(channel, 'one');
      expect(await second.next()).toBe('one');
    });

    test('a subscription made while the previous one is being ended works', async () => {
      const bus = await connected();
      const first = await subscribe(bus);
      const leaving = first.unsubscribe();
      const second = await subscribe(bus);
      await leaving;
      bus.publish(channel, 'one');
      expect(await second.next()).toBe('one');
    });

    test('stop may be called twice, and publish after that does nothing', async () => {
      const bus = await connected();
      const heard: string[] = [];
      await bus.subscribe(channel, (message) => heard.push(message));
      await bus.stop();
      await bus.stop();
      bus.publish(channel, 'nobody');
      const other = await connected();
      const { next } = await subscribe(other);
      other.publish(channel, 'somebody');
      expect([await next(), heard]).toEqual(['somebody', []]);
    });
  });
}
