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

/** Bytes of memory that a process holds. */
export async function memoryOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1_024;
}
