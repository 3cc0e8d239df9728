import { readdir, readFile } from 'node:fs/promises';

/** Milliseconds of processor time used by a process so far, all threads together. */
export async function cpuOf(pid: number): Promise<number> {
  const threads = await readdir(`/proc/${pid}/task`);
  // schedstat counts nanoseconds; /proc/<pid>/stat only hundredths of a second.
  const spent = await Promise.all(
    threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/schedstat`, 'utf8')),
  );
  return spent.reduce((sum, line) => sum + Number(line.split(' ', 1)[0]), 0) / 1e6;
}

/**
 * Node.js arguments that make a process collect garbage on a signal, several times because finalizers free more. `gc()` has no
 * arguments: Node 20 takes any argument for a request to collect the young generation only.
 */
export const COLLECTING = [
  '--expose-gc',
  '--import',
  'data:text/javascript,process.on("SIGUSR2",async()=>{for(let i=0;i<4;i++){globalThis.gc();await new Promise(r=>setTimeout(r,250))}})',
];
// Collecting some hundred megabytes takes less time.
const COLLECTED_WITHIN_MS = 4_000;

/** Resident bytes of a process that was started with COLLECTING, after garbage collection. */
export async function memoryOf(pid: number): Promise<number> {
  process.kill(pid, 'SIGUSR2');
  await new Promise((resolve) => setTimeout(resolve, COLLECTED_WITHIN_MS));
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1_024;
}
