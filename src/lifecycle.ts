import type { Log } from './log.ts';

export type Lifecycle = ReturnType<typeof createLifecycle>;

/** Collects how each thing stops, where it starts. */
export function createLifecycle(log: Log) {
  const steps: { name: string; stop: () => unknown }[] = [];
  let stopping: Promise<boolean> | undefined;

  async function stopAll(deadlineMs: number): Promise<boolean> {
    let clean = true;
    const late = new Promise<false>((resolve) => setTimeout(() => resolve(false), deadlineMs).unref());
    const done = (async () => {
      for (const step of steps.reverse()) {
        try {
          await step.stop();
        } catch (error) {
          clean = false;
          log.error({ err: error, step: step.name }, 'could not stop cleanly');
        }
      }
      return true;
    })();
    const inTime = await Promise.race([done, late]);
    if (!inTime) log.error({ deadlineMs }, 'the deadline for stopping has passed');
    return inTime && clean;
  }

  return {
    /** What was registered last stops first. */
    onStop(name: string, stop: () => unknown) {
      steps.push({ name, stop });
    },
    /** True when everything stopped in time and without an error; called twice, it stops once. */
    stop(deadlineMs: number): Promise<boolean> {
      stopping ??= stopAll(deadlineMs);
      return stopping;
    },
  };
}
