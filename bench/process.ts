import { type ChildProcess, spawn } from 'node:child_process';

export interface Running {
  /** Base URL that the process printed. */
  url: string;
  pid: number;
  child: ChildProcess;
  stop(): Promise<void>;
}

/** Starts a program and waits until it prints `… at http://…`. `hasChannel` lets it exchange messages with its parent. */
export function startProcess(
  args: string[],
  env: Record<string, string>,
  { hasChannel = false } = {},
): Promise<Running> {
  const child = spawn(process.execPath, args, {
    // Limits that no benchmark reaches: what they cost is measured, too.
    env: { ...process.env, NODE_ENV: 'production', RATE_LIMITS: '1000000x', ...env },
    stdio: ['ignore', 'pipe', 'inherit', ...(hasChannel ? ['ipc' as const] : [])],
  });
  return new Promise((resolve, reject) => {
    let printed = '';
    child.stdout?.on('data', (data) => {
      printed += String(data);
      const url = / at (http:\/\/[^\s/]+)/.exec(printed)?.[1];
      if (url) resolve({ url, pid: child.pid as number, child, stop: () => stop(child) });
    });
    child.once('exit', (code) => reject(new Error(`${args.join(' ')} ended with ${code}`)));
  });
}

function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}
