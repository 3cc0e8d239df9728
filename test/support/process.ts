import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface Program {
  child: ChildProcess;
  /** Output so far, stdout and stderr. */
  output(): string;
  /** Resolves with the first match in the output. Rejects when the process exits without one. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  /** Resolves with its exit code. */
  exited: Promise<number | null>;
}

/** Runs Parley as a separate process from its sources. */
export function runParley(args: string[], env: Record<string, string> = {}): Program {
  return run([process.execPath, '--import', 'tsx', 'src/main.ts', ...args], {
    NODE_ENV: 'production',
    ...env,
  });
}

/** Runs a script of package.json. */
export function runScript(name: string, env: Record<string, string> = {}): Program {
  return run(['npm', 'run', name], { NODE_ENV: '', ...env });
}

function run([command = '', ...args]: string[], env: Record<string, string>): Program {
  const child = spawn(command, args, {
    cwd: ROOT,
    env: {
      ...process.env,
      DATABASE_URL: '',
      REDIS_URL: '',
      AUTH_SECRET: '',
      PORT: '0',
      RATE_LIMITS: 'off',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data) => {
      output += String(data);
      for (const listener of listeners) listener();
    });
  }
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  return {
    child,
    output: () => output,
    exited,
    printed: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const match = pattern.exec(output);
          if (!match) return;
          listeners.delete(look);
          resolve(match);
        };
        listeners.add(look);
        look();
        void exited.then((code) =>
          reject(new Error(`ended with ${code} before it printed ${pattern}:\n${output}`)),
        );
      }),
  };
}
