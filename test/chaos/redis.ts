import { type ChildProcess, spawn } from 'node:child_process';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { Redis } from 'ioredis';

/** Starts a private Redis that a test can kill, freeze and restart on the same port. */
export async function startRedis() {
  const port = await freePort();
  let server: ChildProcess | undefined;
  const admin = new Redis({ port, lazyConnect: true, maxRetriesPerRequest: null });
  // Connection errors are expected while Redis is killed.
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
    /** Kills Redis with SIGKILL; its data is lost. */
    kill,
    start,
    /** Kills all pub/sub connections, or all others. Returns their number. */
    async cut(kind: 'pubsub' | 'normal'): Promise<number> {
      return Number(await admin.call('CLIENT', 'KILL', 'TYPE', kind));
    },
    /** Stops the process with SIGSTOP: connections stay open, nothing is answered until `thaw`. */
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
