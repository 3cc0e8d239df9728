import { createLog, type Log } from '../../src/log.ts';

export interface LogLine {
  level: number;
  msg: string;
  [name: string]: unknown;
}

/** A log that keeps its lines, of all levels. */
export function captureLog(): { log: Log; lines: LogLine[] } {
  const lines: LogLine[] = [];
  const log = createLog('trace', { write: (line) => void lines.push(JSON.parse(line)) });
  return { log, lines };
}
