import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { Command, Received } from './client-process-main.ts';

const PROGRAM = fileURLToPath(new URL('client-process-main.ts', import.meta.url));

/** Starts a process of websocket clients for the duration of the test. Returns a function that sends it commands. */
export function startClientProcess() {
  const child = fork(PROGRAM, { execArgv: ['--import', 'tsx'], serialization: 'advanced' });
  onTestFinished(() => void child.kill('SIGKILL'));
  const waiting = new Map<
    number,
    { resolve: (received: Received[]) => void; reject: (error: Error) => void }
  >();
  let orders = 0;
  child.on('message', ({ id, received, error }: { id: number; received?: Received[]; error?: string }) => {
    const order = waiting.get(id);
    waiting.delete(id);
    if (received) order?.resolve(received);
    else order?.reject(new Error(error));
  });
  child.on('exit', (code) => {
    for (const { reject } of waiting.values()) reject(new Error(`the clients ended with ${code}`));
  });
  return (order: Command): Promise<Received[]> =>
    new Promise((resolve, reject) => {
      orders += 1;
      waiting.set(orders, { resolve, reject });
      child.send({ id: orders, order });
    });
}
