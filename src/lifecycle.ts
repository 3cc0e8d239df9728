import type { Log } from './log.ts';

export type Lifecycle = ReturnType<typeof createLifecycle>;

/** Collects stop functions while components start, and runs them in reverse order. */
export function createLifecycle(log: Log) {
  const steps: { name: string; stop: () => unknown }[] = [];
  let stopping: Promise<boolean> | undefined;

  async function stopAll(deadlineMs: number): Promise<boolean> {
    let clean = true;
    const timeout = new Promise<false>((resolve) => setTimeout(() => resolve(false), deadlineMs).unref());
    const allStopped = (async () => {
      for (const step of steps.reverse()) {
        try {
          await step.stop();
        } catch (error) {
          clean = false;
          log.error({ err: error, step: step.name }, 'a component failed to stop');
        }
      }
      return true;
    })();
    const inTime = await Promise.race([allStopped, timeout]);
    if (!inTime) log.error({ deadlineMs }, 'the deadline for the shutdown has passed');
    return inTime && clean;
  }

  return {
    /** Registers a stop function. The last registered runs first. */
    onStop(name: string, stop: () => unknown) {
      steps.push({ name, stop });
    },
    /** Stops once, also when called again. Resolves with true when all components stopped before the deadline and without an error. */
    stop(deadlineMs: number): Promise<boolean> {
      stopping ??= stopAll(deadlineMs);
      return stopping;
    },
  };
}
