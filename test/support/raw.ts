import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A bare TCP connection, for bytes that no client of HTTP sends. */
export interface RawConnection {
  socket: Socket;
  send(bytes: string | Buffer): void;
  /** Resolves when the text was received so many times; rejects when the connection ends before. */
  received(text: string, count?: number): Promise<void>;
  /** Resolves with all that was received, when the server has closed the connection. */
  ended: Promise<string>;
  /** Breaks the connection off with RST. */
  reset(): Promise<void>;
}

export async function openRaw({ url }: { url: string }): Promise<RawConnection> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  onTestFinished(() => void socket.destroy());
  let text = '';
  const listeners = new Set<() => void>();
  const notify = () => {
    for (const listener of listeners) listener();
  };
  socket.on('data', (data) => {
    text += data.toString('latin1');
    notify();
  });
  // A server that refuses may reset the connection.
  socket.on('error', () => undefined);
  const ended = new Promise<string>((resolve) => socket.once('close', () => resolve(text)));
  void ended.then(notify);
  await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
  return {
    socket,
    ended,
    send: (bytes) => void socket.write(bytes),
    received: (part, count = 1) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const isThere = text.split(part).length > count;
          if (!isThere && !socket.closed) return;
          listeners.delete(look);
          if (isThere) resolve();
          else reject(new Error(`the connection ended without ${part}: ${text.slice(0, 500)}`));
        };
        listeners.add(look);
        look();
      }),
    async reset() {
      socket.resetAndDestroy();
      await ended;
    },
  };
}

/** Sends bytes on a connection of their own, and resolves with all that is answered until the server closes it. */
export async function exchange(to: { url: string }, bytes: string): Promise<string> {
  const connection = await openRaw(to);
  connection.send(bytes);
  return connection.ended;
}

/** An HTTP request as text. */
export function requestText(target: string, headers: Record<string, string> = {}, method = 'GET'): string {
  const lines = Object.entries({ Host: 'localhost', ...headers }).map(([name, value]) => `${name}: ${value}`);
  return `${[`${method} ${target} HTTP/1.1`, ...lines].join('\r\n')}\r\n\r\n`;
}

/** Status of the first answer in the text; null without an answer. */
export function statusOf(text: string): number | null {
  const status = /^HTTP\/1\.1 (\d{3})/.exec(text)?.[1];
  return status === undefined ? null : Number(status);
}

/** Errors since the call that would have ended a process which has no test runner in it. */
export function watchUncaught(): unknown[] {
  const errors: unknown[] = [];
  const note = (error: unknown) => void errors.push(error);
  process.on('uncaughtExceptionMonitor', note);
  onTestFinished(() => void process.off('uncaughtExceptionMonitor', note));
  return errors;
}
