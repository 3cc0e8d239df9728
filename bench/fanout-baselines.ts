import type { Redis } from 'ioredis';
import { createFrameCounter, type FrameCounter, openAll, openBareSocket, openSocketIo } from './clients.ts';
import { REDIS_URL } from './parley.ts';
import { type Running, startProcess } from './process.ts';

/** A server with its clients, and how to give it an event that all of them get. */
export interface Side {
  name: string;
  running: Running;
  counter: FrameCounter;
  clients: { terminate(): void }[];
  publish: (text: string) => Promise<unknown>;
}

export type BaselineKind = 'ws' | 'socket.io';

/** A bare server that sends what Redis brings to everybody. */
export function startBaseline(kind: BaselineKind, args: string[] = []): Promise<Running> {
  return startProcess(['--max-semi-space-size=64', ...args, '--import', 'tsx', 'bench/socket-baseline.ts'], {
    BASELINE: kind,
    CHANNEL: channelOf(kind),
    REDIS_URL,
  });
}

/** Its clients, and Parley's frame as what it sends. */
export async function openBaseline(
  kind: BaselineKind,
  running: Running,
  { redis, count, frame }: { redis: Redis; count: number; frame: (text: string) => string },
): Promise<Side> {
  const counter = createFrameCounter();
  const open = kind === 'ws' ? openBareSocket : openSocketIo;
  const clients = await openAll<{ terminate(): void }>(count, () => open(running.url, counter));
  const publish = (text: string) => redis.publish(channelOf(kind), frame(text));
  return { name: kind, running, counter, clients, publish };
}

export function channelOf(kind: BaselineKind): string {
  return `bench:${kind}:${process.pid}`;
}
