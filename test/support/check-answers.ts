import { ServerResponse } from 'node:http';
import { afterEach, expect } from 'vitest';
import WebSocket from 'ws';
import { findUnknownClose, findUnknownCodes } from './answer-check.ts';

// Runs before each test file. Compares every answer of every gateway in this process with the tables of error codes, whichever
// client asked: what is sent over HTTP where a server writes it, and what is sent over a websocket where a client receives it.

const CLOSED_BY_CLIENT_OR_BROKEN = [1000, 1005, 1006];
const INSTALLED = Symbol.for('parley.check-answers');

// Test files share a process, and each of them runs this file.
const installed: string[] | undefined = Reflect.get(globalThis, INSTALLED);
const unknown = installed ?? install();
Reflect.set(globalThis, INSTALLED, unknown);

afterEach(() => {
  expect(unknown.splice(0), 'answered, and not in src/error-codes.ts').toEqual([]);
});

function install(): string[] {
  const found: string[] = [];
  checkResponses(found);
  checkWebSockets(found);
  return found;
}

function checkResponses(found: string[]) {
  const { write, end } = ServerResponse.prototype;
  // Beginnings of JSON bodies. Server-sent events are checked one by one, as their response may never end.
  const bodies = new WeakMap<ServerResponse, string>();

  function take(response: ServerResponse, chunk: unknown) {
    if (typeof chunk !== 'string' && !(chunk instanceof Uint8Array)) return;
    const text = Buffer.from(chunk).toString();
    const body = bodies.get(response);
    if (body !== undefined || text.startsWith('{')) bodies.set(response, (body ?? '') + text);
    else for (const event of eventsIn(text)) found.push(...findUnknownCodes(event));
  }

  ServerResponse.prototype.write = function (this: ServerResponse, ...args: unknown[]) {
    take(this, args[0]);
    return Reflect.apply(write, this, args);
  };

  ServerResponse.prototype.end = function (this: ServerResponse, ...args: unknown[]) {
    take(this, args[0]);
    found.push(...findUnknownCodes(bodies.get(this) ?? '', this.statusCode));
    bodies.delete(this);
    return Reflect.apply(end, this, args);
  };
}

function eventsIn(text: string): string[] {
  return text.split('\n').flatMap((line) => (line.startsWith('data: ') ? [line.slice('data: '.length)] : []));
}

function checkWebSockets(found: string[]) {
  const { emit, close } = WebSocket.prototype;
  const closedByClient = new WeakSet<WebSocket>();

  WebSocket.prototype.close = function (...args) {
    closedByClient.add(this);
    return close.apply(this, args);
  };

  WebSocket.prototype.emit = function (this: WebSocket, event: string | symbol, ...args: unknown[]) {
    // A server's end of a websocket has no URL.
    if (this.url) {
      const [first, second] = args;
      if (event === 'message') found.push(...findUnknownCodes(String(first)));
      if (
        event === 'close' &&
        !closedByClient.has(this) &&
        !CLOSED_BY_CLIENT_OR_BROKEN.includes(Number(first))
      ) {
        const close = findUnknownClose(Number(first), String(second));
        if (close) found.push(close);
      }
    }
    return Reflect.apply(emit, this, [event, ...args]);
  };
}
