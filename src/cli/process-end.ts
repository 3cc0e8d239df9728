import type { Log } from '../log.ts';

// Upper bound for stopping, beyond the app's own.
const STOP_TIMEOUT_MS = 15_000;

export interface ProcessEnding {
  /** Stops all components. Resolves with true when they stopped cleanly. */
  stop(): Promise<boolean>;
  /** Makes the stop wait for no client. */
  hurry(): void;
}

/**
 * Ends the process when an error was caught by nothing: logs it, answers what is in flight, and exits with code 1. The state of the process is
 * unknown after such an error, so that it can't go on; a supervisor starts it again. The returned function also ends it on SIGTERM
 * and SIGINT, with code 0 when everything stopped cleanly; a further signal hurries.
 */
export function endOnCrash(log: Log): (ending: ProcessEnding) => void {
  let ending: ProcessEnding | undefined;
  let isEnding = false;

  async function end(crashed: boolean) {
    if (isEnding) return;
    isEnding = true;
    setTimeout(() => process.exit(1), STOP_TIMEOUT_MS).unref();
    const isClean = await Promise.resolve(ending?.stop() ?? true).catch((error: unknown) => {
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

  return function endOnSignal(how) {
    ending = how;
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => {
        if (isEnding) how.hurry();
        else void end(false);
      });
    }
  };
}
