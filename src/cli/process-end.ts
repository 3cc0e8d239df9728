import type { Log } from '../log.ts';

// Upper bound for stopping, beyond the app's own.
const STOP_TIMEOUT_MS = 15_000;

/** Stops all components. Resolves with true when they stopped cleanly. */
type StopAll = () => Promise<boolean>;

/**
 * Ends the process when an error was caught by nothing: logs it, answers what is in flight, and exits with code 1. The state of the process is
 * unknown after such an error, so that it can't go on; a supervisor starts it again. The returned function also ends it on SIGTERM
 * and SIGINT, with code 0 when everything stopped cleanly.
 */
export function endOnCrash(log: Log): (stopAll: StopAll) => void {
  let stop: StopAll | undefined;
  let isEnding = false;

  async function end(crashed: boolean) {
    if (isEnding) return;
    isEnding = true;
    setTimeout(() => process.exit(1), STOP_TIMEOUT_MS).unref();
    const isClean = await Promise.resolve(stop?.() ?? true).catch((error: unknown) => {
      log.error({ err: error }, 'stopping failed');
      return false;
    });
    process.exit(isClean && !crashed ? 0 : 1);
  }

  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      log.fatal({ err: error, event }, 'an error was caught by nothing: this process stops');
      void end(true);
    });
  }

  return function endOnSignal(stopAll) {
    stop = stopAll;
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void end(false));
  };
}
