import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

const DEFAULT_PORTS: Record<string, number> = { 'redis:': 6379, 'postgres:': 5432, 'postgresql:': 5432 };

/** TCP proxy to Redis or PostgreSQL that a test can break without affecting other users of the same server. */
export async function openLink(targetUrl: string) {
  const target = new URL(targetUrl);
  const targetPort = Number(target.port || DEFAULT_PORTS[target.protocol]);
  const sockets = new Set<Socket>();
  const silent = new WeakSet<Socket>();
  let frozen = false;

  const server = createServer((near) => {
    const far = connect(targetPort, target.hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('data', (data) => void (frozen || silent.has(from) || to.write(data)));
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  await listen(server, 0);
  const { port } = server.address() as AddressInfo;
  const url = new URL(targetUrl);
  url.host = `127.0.0.1:${port}`;

  function cut() {
    for (const socket of sockets) socket.destroy();
  }

  onTestFinished(() => {
    cut();
    server.close();
  });
  return {
    url: url.href,
    /** Breaks all connections and accepts new ones. */
    cut,
    /** Breaks all connections and refuses new ones until `raise`. */
    async lower() {
      const closed = new Promise((resolve) => server.close(resolve));
      cut();
      await closed;
    },
    raise: () => listen(server, port),
    /** Keeps all connections open, and those that are made from now on, but swallows their bytes until `thaw`. */
    freeze() {
      frozen = true;
    },
    thaw() {
      frozen = false;
    },
    /** Keeps the connections that are open now, but swallows their bytes from now on. New ones work. */
    silence() {
      for (const socket of sockets) silent.add(socket);
    },
    /** Connections that are open. */
    count: () => sockets.size / 2,
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
}
