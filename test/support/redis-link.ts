import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** TCP proxy to Redis that a test can break without affecting other users of the same Redis. */
export async function openRedisLink(redisUrl: string) {
  const target = new URL(redisUrl);
  const sockets = new Set<Socket>();
  let frozen = false;

  const server = createServer((near) => {
    const far = connect(Number(target.port || 6379), target.hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('data', (data) => void (frozen || to.write(data)));
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  await listen(server, 0);
  const { port } = server.address() as AddressInfo;

  function cut() {
    for (const socket of sockets) socket.destroy();
  }

  onTestFinished(() => {
    cut();
    server.close();
  });
  return {
    url: `redis://127.0.0.1:${port}`,
    /** Breaks all connections and accepts new ones. */
    cut,
    /** Breaks all connections and refuses new ones until `raise`. */
    async lower() {
      const closed = new Promise((resolve) => server.close(resolve));
      cut();
      await closed;
    },
    raise: () => listen(server, port),
    /** Keeps all connections open but forwards nothing. */
    freeze() {
      frozen = true;
    },
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
}
