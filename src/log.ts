import pino from 'pino';

export type Log = pino.Logger;

/** Lines of JSON on standard error; standard output is for people and for what scripts read. */
export function createLog(level: string): Log {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination(2));
}
