import type { Redis } from 'ioredis';
import { createFrameCounter, type FrameCounter, openAll, openBareSocket, openSocketIo } from './clients.ts';
import { REDIS_URL } from './parley.ts';
import { type Running, startProcess } from './process.ts';

/** One side of the comparison: a server, its clients, and a function that sends an event to all of them. */
export interface Side {
  name: string;
  running: Running;
  counter: FrameCounter;
  clients: { terminate(): void }[];
  publish: (text: string) => Promise<unknown>;
}

export type BaselineKind = 'ws' | 'socket.io';

/** Starts a bare server that broadcasts Redis messages to all its clients. */
export function startBaseline(kind: BaselineKind, args: string[] = []): Promise<Running> {
  return startProcess(['--max-semi-space-size=64', ...args, '--import', 'tsx', 'bench/socket-baseline.ts'], {
    BASELINE: kind,
    CHANNEL: channelOf(kind),
    REDIS_URL,
  });
}

/** Opens the clients of a baseline, which broadcasts the same frame as Parley. */
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
