import type { Log } from '../../log.ts';

export interface MaintenanceJob {
  /** Name in the log. */
  name: string;
  intervalMs: number;
  run: () => Promise<unknown>;
}

/**
 * Runs each job at its interval, the first time after one interval. Runs of a job never overlap; a failed run is logged, and repeated
 * after the interval. Every node runs all jobs, so a job must tolerate concurrent runs on other nodes.
 */
export function startMaintenance({ jobs, log }: { jobs: readonly MaintenanceJob[]; log: Log }) {
  const stops = jobs.map((job) => startJob(job, log));
  return {
    /** Resolves when no job is running any more. */
    async stop() {
      await Promise.all(stops.map((stop) => stop()));
    },
  };
}

function startJob({ name, intervalMs, run }: MaintenanceJob, log: Log): () => Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let isStopped = false;

  async function runLogged() {
    try {
      await run();
    } catch (error) {
      log.warn({ err: error, job: name }, 'a maintenance job failed; retrying');
    }
    schedule();
  }

  function schedule() {
    if (isStopped) return;
    timer = setTimeout(() => {
      running = runLogged();
    }, intervalMs);
  }

  schedule();
  return async () => {
    isStopped = true;
    clearTimeout(timer);
    await running;
  };
}
