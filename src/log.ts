import pino from 'pino';

export type Log = pino.Logger;

/** Writes JSON lines to standard error. Standard output is for people and for scripts. */
export function createLog(level: string): Log {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination(2));
}
