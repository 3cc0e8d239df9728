import { rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { join, relative } from 'node:path';
import type { Config } from '../config.ts';
import type { Db } from '../db/client.ts';
import type { Log } from '../log.ts';
import { issueToken } from './issue-token.ts';

// While the gateway runs on its embedded data nobody else can open them: whoever wants a token asks it here.

/** Answers a line with an id by a line with a token, or with why there is none. Returns how to stop. */
export async function serveTokens({ config, db, log }: { config: Config; db: Db; log: Log }) {
  const path = socketPath(config);
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.once('data', (data) => {
      issueToken(config, db, String(data).trim())
        .then((token) => ({ token }))
        .catch((error: Error) => ({ error: error.message }))
        .then((answer) => socket.end(JSON.stringify(answer)));
    });
  });
  // What lies there was left by a process that is gone: the lock of the data says so.
  if (process.platform !== 'win32') await rm(path, { force: true });
  await new Promise<void>((resolve) => {
    server.once('error', (error) => {
      log.warn({ err: error, path }, 'tokens can not be asked for while the gateway runs');
      resolve();
    });
    server.listen(path, resolve);
  });
  return () => new Promise<void>((resolve) => server.close(() => resolve()));
}

/** A token from the gateway that runs on these data; null when none runs. */
export function requestToken(config: Config, id: string): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath(config), () => socket.write(id));
    let text = '';
    socket.on('data', (data) => {
      text += String(data);
    });
    socket.once('error', () => resolve(null));
    socket.once('end', () => {
      const { token, error } = JSON.parse(text);
      if (error) reject(new Error(error));
      else resolve(token);
    });
  });
}

function socketPath(config: Config): string {
  const path = join(config.dataDir, 'gateway.sock');
  if (process.platform === 'win32') return `\\\\.\\pipe\\parley-${path.replace(/[^a-z0-9]/gi, '-')}`;
  // The name of a socket may have about 100 characters: the shorter way to it.
  const fromHere = relative(process.cwd(), path);
  return fromHere.length < path.length ? fromHere : path;
}
