import { chmod, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { join, relative } from 'node:path';
import type { Config } from '../config.ts';
import type { Db } from '../db/client.ts';
import type { Log } from '../log.ts';
import { issueToken, type TokenRequest } from './issue-token.ts';

const IDLE_TIMEOUT_MS = 2_000;

// A running gateway locks its embedded database. `npm run token` asks the gateway for a token over this local socket.

/** Answer of the gateway, as JSON. */
interface TokenReply {
  token?: string;
  error?: { name: string; message: string };
}

/** Answers a TokenRequest in JSON with a TokenReply. Returns a function that stops. A socket that can't be opened is logged and ignored. */
export async function serveTokens({ config, db, log }: { config: Config; db: Db; log: Log }) {
  const path = socketPath(config);
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    // A client that asks nothing would hold up the shutdown.
    socket.setTimeout(IDLE_TIMEOUT_MS, () => socket.destroy());
    socket.once('data', (data) => {
      Promise.resolve()
        .then(() => issueToken(config, db, JSON.parse(String(data)) as TokenRequest))
        .then((token): TokenReply => ({ token }))
        .catch(({ name, message }: Error): TokenReply => ({ error: { name, message } }))
        .then((reply) => socket.end(JSON.stringify(reply)))
        .catch(() => socket.destroy());
    });
  });
  // This process holds the lock of the data folder, so that a socket file there belongs to a dead process.
  if (process.platform !== 'win32') await rm(path, { force: true });
  await new Promise<void>((resolve) => {
    server.on('error', (error) => {
      log.warn({ err: error, path }, 'npm run token does not work while this gateway runs');
      resolve();
    });
    server.listen(path, resolve);
  });
  // Hands out tokens for anybody, so that nobody else may connect. The umask of main.ts protects it until here.
  if (process.platform !== 'win32' && server.listening) await chmod(path, 0o600);
  return () => new Promise<void>((resolve) => server.close(() => resolve()));
}

/** Requests a token from the gateway that runs on this data folder. Null when none is running. Rejects with the gateway's error, under its name. */
export function requestToken(config: Config, request: TokenRequest): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath(config), () => socket.write(JSON.stringify(request)));
    let text = '';
    socket.on('data', (data) => {
      text += String(data);
    });
    socket.once('error', () => resolve(null));
    socket.once('end', () => {
      // Without an answer the gateway has just stopped.
      if (!text) return resolve(null);
      const { token = null, error } = JSON.parse(text) as TokenReply;
      // The name decides how the command prints it.
      if (error) reject(Object.assign(new Error(error.message), { name: error.name }));
      else resolve(token);
    });
  });
}

function socketPath(config: Config): string {
  const path = join(config.dataDir, 'gateway.sock');
  if (process.platform === 'win32') return `\\\\.\\pipe\\parley-${path.replace(/[^a-z0-9]/gi, '-')}`;
  // The path of a socket is limited to about 100 characters: use the shorter form.
  const relativePath = relative(process.cwd(), path);
  return relativePath.length < path.length ? relativePath : path;
}
