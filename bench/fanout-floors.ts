import type { Redis } from 'ioredis';
import { createEar, type Ear, listen, listenSocketIo, openAll } from './clients.ts';
import { REDIS_URL } from './parley.ts';
import { type Running, startProcess } from './process.ts';

/** A server with its clients, and how to give it an event that all of them get. */
export interface Side {
  name: string;
  running: Running;
  ear: Ear;
  clients: { terminate(): void }[];
  publish: (text: string) => Promise<unknown>;
}

export type FloorKind = 'ws' | 'socket.io';

/** A bare server that sends what Redis brings to everybody. */
export function startFloor(kind: FloorKind, args: string[] = []): Promise<Running> {
  return startProcess(['--max-semi-space-size=64', ...args, '--import', 'tsx', 'bench/socket-floor.ts'], {
    FLOOR: kind,
    CHANNEL: channelOf(kind),
    REDIS_URL,
  });
}

/** Its clients, and Parley's frame as what it sends. */
export async function openFloor(
  kind: FloorKind,
  running: Running,
  { redis, count, frame }: { redis: Redis; count: number; frame: (text: string) => string },
): Promise<Side> {
  const ear = createEar();
  const open = kind === 'ws' ? listen : listenSocketIo;
  const clients = await openAll<{ terminate(): void }>(count, () => open(running.url, ear));
  const publish = (text: string) => redis.publish(channelOf(kind), frame(text));
  return { name: kind, running, ear, clients, publish };
}

export function channelOf(kind: FloorKind): string {
  return `bench:${kind}:${process.pid}`;
}
