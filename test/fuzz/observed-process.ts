import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Answer, Observation, Question } from './observer.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const OBSERVER = fileURLToPath(new URL('observer.ts', import.meta.url));
// pino's level of errors.
const ERROR_LEVEL = 50;

export interface ObservedProcess {
  /** Figures since the last call. `memory` collects garbage first. */
  observe(options?: { memory?: boolean }): Promise<Observation>;
  /** Log lines of errors since the last call. */
  takeErrors(): string[];
  /** Why the process ended; null while it runs. */
  ended(): string | null;
  stop(): Promise<void>;
}

/** Starts a gateway of its own process. Resolves with its URL when it listens. */
export async function startObservedGateway(
  env: Record<string, string>,
): Promise<{ gateway: ObservedProcess; url: string }> {
  const { child, output, ...gateway } = observe(['src/main.ts', 'serve'], env);
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', () => {
      const [, found] = /(http:\/\/127\.0\.0\.1:\d+)\/graphql/.exec(output()) ?? [];
      if (found) resolve(found);
    });
    child.once('exit', () => reject(new Error(`the gateway did not start:\n${output()}`)));
  });
  return { gateway, url };
}

/** Starts a process that does nothing: what it observes is the noise of the machine. */
export function startIdleProcess(): ObservedProcess {
  return startObservedScript('setInterval(() => undefined, 1000)');
}

/** Starts a process that runs this JavaScript. */
export function startObservedScript(script: string): ObservedProcess {
  return observe(['--eval', script], {});
}

function observe(args: string[], env: Record<string, string>) {
  const child = spawn(process.execPath, ['--expose-gc', '--import', 'tsx', '--import', OBSERVER, ...args], {
    cwd: ROOT,
    env: { ...process.env, NODE_OPTIONS: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  let reported = 0;
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (data) => {
      output += String(data);
    });
  }
  let end: string | null = null;
  const exited = new Promise<void>((resolve) => {
    child.once('close', (code, signal) => {
      const [error = ''] = /^\w*Error.*(\n\s+at .*)*/m.exec(output) ?? [];
      end = `the process ended with ${signal ?? code}: ${error || output.slice(-2_000)}`;
      resolve();
    });
  });

  return {
    child,
    output: () => output,
    observe: ({ memory = false } = {}) => ask(child, exited, memory),
    takeErrors() {
      const lines = output.slice(reported).split('\n');
      // The last line may be incomplete.
      reported = output.length - (lines.pop() ?? '').length;
      return lines.flatMap(toError);
    },
    ended: () => end,
    async stop() {
      child.kill('SIGTERM');
      await exited;
    },
  } satisfies ObservedProcess & { child: ChildProcess; output: () => string };
}

let asked = 0;

function ask(child: ChildProcess, exited: Promise<void>, memory: boolean): Promise<Observation> {
  const id = ++asked;
  return new Promise((resolve) => {
    const take = (answer: unknown) => {
      const observed = answer as Answer;
      if (observed.id === id) settle(observed);
    };
    // The channel is closed while the process ends.
    const giveUp = () => void exited.then(() => settle({ stallMs: 0, memoryBytes: undefined }));
    function settle(observed: Observation) {
      child.off('message', take).off('disconnect', giveUp);
      resolve(observed);
    }
    child.on('message', take).once('disconnect', giveUp);
    child.send({ id, memory } satisfies Question, (error) => error && giveUp());
  });
}

/** Description of a line that logs an error. */
function toError(line: string): string[] {
  try {
    const { level, msg, err } = JSON.parse(line);
    if (level < ERROR_LEVEL) return [];
    return [`logged: ${msg}: ${err?.message} ${err?.stack ?? line}`];
  } catch {
    return /unhandled|uncaught|^\w*Error: /i.test(line) ? [`logged: ${line}`] : [];
  }
}
