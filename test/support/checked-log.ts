import pino from 'pino';
import { createLog, type Log } from '../../src/log.ts';

// The log of the gateways of tests: at the lowest level, and every line is searched for what no line may hold.

const STORE = Symbol.for('parley.checked-log');
const MAX_TEXTS = 500;
const MIN_TEXT_LENGTH = 10;
const MAX_TEXT_LENGTH = 100;
const MAX_DEPTH = 8;
const NEVER = [
  /\bey[\w-]{10,}\.[\w-]+\.[\w-]+/,
  /\bBearer (?!\[token\])/,
  /[\w.+-]+@[\w-]+\.[\w.]+/,
  /\+\d{8,15}\b/,
];

interface Store {
  /** Lines that hold what they may not. */
  found: string[];
  /** Texts that were sent lately, as they stand in JSON. */
  texts: Set<string>;
}

// Test files share a process, and each may load this file anew.
const shared: Store | undefined = Reflect.get(globalThis, STORE);
const store: Store = shared ?? { found: [], texts: new Set() };
Reflect.set(globalThis, STORE, store);

/** Lines of `level` and above are also written to standard error. `secret` signs the tokens. */
export function createCheckedLog(level: string, secret: string): Log {
  const shownFrom = pino.levels.values[level] ?? Number.POSITIVE_INFINITY;
  return createLog('trace', {
    write(line) {
      if (line.includes(secret) || isLeak(line)) store.found.push(line);
      if (JSON.parse(line).level >= shownFrom) process.stderr.write(line);
    },
  });
}

/** Remembers texts of an operation's variables, so that they are searched for in later lines. Ids, names and codes are none. */
export function rememberTexts(value: unknown, depth = 0): void {
  if (typeof value === 'object' && value !== null && depth < MAX_DEPTH) {
    for (const inner of Object.values(value).slice(0, MAX_TEXTS)) rememberTexts(inner, depth + 1);
  }
  if (typeof value !== 'string' || value.length < MIN_TEXT_LENGTH || !/[^\w:/.+=-]/.test(value)) return;
  store.texts.add(JSON.stringify(value.slice(0, MAX_TEXT_LENGTH)).slice(1, -1));
  for (const oldest of store.texts) {
    if (store.texts.size <= MAX_TEXTS) break;
    store.texts.delete(oldest);
  }
}

/** Lines that hold a token, an address or a text, since the last call. */
export function takeLeaks(): string[] {
  return store.found.splice(0);
}

/** Whether the line holds a token, an address of a person, or a text that was sent. */
export function isLeak(line: string): boolean {
  if (NEVER.some((pattern) => pattern.test(line))) return true;
  for (const text of store.texts) if (line.includes(text)) return true;
  return false;
}
