import { readdir, readFile } from 'node:fs/promises';

/** Milliseconds of processor time that a process has used until now, all its threads together. */
export async function cpuOf(pid: number): Promise<number> {
  const threads = await readdir(`/proc/${pid}/task`);
  // In nanoseconds; /proc/<pid>/stat counts in hundredths of a second.
  const spent = await Promise.all(
    threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/schedstat`, 'utf8')),
  );
  return spent.reduce((sum, line) => sum + Number(line.split(' ', 1)[0]), 0) / 1e6;
}

/**
 * For Node: it then collects its garbage when it is told to, a few times, since what is let go of in between frees more. Without
 * arguments: Node 20 takes any for the wish to look at what is young alone.
 */
export const COLLECTING = [
  '--expose-gc',
  '--import',
  'data:text/javascript,process.on("SIGUSR2",async()=>{for(let i=0;i<4;i++){globalThis.gc();await new Promise(r=>setTimeout(r,250))}})',
];
// Collections of some hundred megabytes take less.
const COLLECTED_WITHIN_MS = 4_000;

/** Bytes of memory that a process which was started with COLLECTING holds, without its garbage. */
export async function memoryOf(pid: number): Promise<number> {
  process.kill(pid, 'SIGUSR2');
  await new Promise((resolve) => setTimeout(resolve, COLLECTED_WITHIN_MS));
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1_024;
}
