import { type ChildProcess, spawn } from 'node:child_process';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { Redis } from 'ioredis';

/** A Redis of the test's own, which can be killed, frozen and started again at the same address. */
export async function startRedis() {
  const port = await freePort();
  let server: ChildProcess | undefined;
  const admin = new Redis({ port, lazyConnect: true, maxRetriesPerRequest: null });
  // While it is killed there is nobody to connect to.
  admin.on('error', () => undefined);

  async function start() {
    const starting = spawn(
      'redis-server',
      ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    server = starting;
    await new Promise<void>((resolve, reject) => {
      let output = '';
      starting.once('error', reject);
      starting.once('exit', (code) => reject(new Error(`redis-server ended with ${code}:\n${output}`)));
      starting.stdout.on('data', (data) => {
        output += String(data);
        if (output.includes('Ready to accept connections')) resolve();
      });
    });
  }

  async function kill() {
    const killed = server;
    server = undefined;
    if (!killed) return;
    const gone = new Promise((resolve) => killed.once('exit', resolve));
    killed.kill('SIGKILL');
    await gone;
  }

  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    /** As when its machine loses power: what it had, it has no more. */
    kill,
    start,
    /** Ends all connections that subscribe, or all others; says how many. */
    async cut(kind: 'pubsub' | 'normal'): Promise<number> {
      return Number(await admin.call('CLIENT', 'KILL', 'TYPE', kind));
    },
    /** Keeps its connections open, and answers nothing until `thaw`. */
    freeze: () => void server?.kill('SIGSTOP'),
    thaw: () => void server?.kill('SIGCONT'),
    async stop() {
      admin.disconnect();
      await kill();
    },
  };
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
