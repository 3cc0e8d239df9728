import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';
import type { Answer, Observation, Question } from '../test/fuzz/observer.ts';
import { environmentOf } from './parley.ts';
import { type Running, startProcess } from './process.ts';

const OBSERVER_FOLDER = new URL('../test/fuzz/', import.meta.url);
const OBSERVER_FILES = ['observer', 'stall-meter'];
const MEASURED_ARGS = process.env.BENCH_NODE_ARGS?.split(' ') ?? [];

export interface ObservedNode extends Running {
  /** Figures since the last call. */
  observe(): Promise<Observation>;
  /** Memory after garbage collection, and resident memory, in bytes. */
  memory(): Promise<{ used: number; resident: number }>;
  /** Lines that the node logged since the last call: errors only. */
  takeErrors(): string[];
}

/** Starts a node that tells how long its event loop stood still. */
export async function startObservedNode(
  databaseUrl: string,
  env: Record<string, string>,
): Promise<ObservedNode> {
  const folder = await writeObserver();
  const observer = join(folder, 'observer.js');
  const args = ['--max-semi-space-size=64', '--expose-gc', '--import', observer, ...MEASURED_ARGS];
  const running = await startProcess(
    [...args, 'dist/main.js'],
    { ...environmentOf(databaseUrl), ...env },
    { hasChannel: true },
  );
  const { child, pid } = running;
  let logged = '';
  child.stdout?.on('data', (data) => {
    logged += String(data);
  });
  let asked = 0;

  function ask(memory: boolean): Promise<Observation> {
    const id = ++asked;
    return new Promise((resolve, reject) => {
      const fail = () => reject(new Error('the node ended'));
      function take(answer: unknown) {
        if ((answer as Answer).id !== id) return;
        child.off('message', take).off('exit', fail);
        resolve(answer as Answer);
      }
      child.on('message', take).once('exit', fail);
      child.send({ id, memory } satisfies Question);
    });
  }

  return {
    ...running,
    observe: () => ask(false),
    async memory() {
      const { memoryBytes = 0 } = await ask(true);
      const status = await readFile(`/proc/${pid}/status`, 'utf8');
      return { used: memoryBytes, resident: Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1_024 };
    },
    takeErrors() {
      const lines = logged.split('\n').filter(Boolean);
      logged = '';
      return lines;
    },
    async stop() {
      await running.stop();
      await rm(folder, { recursive: true });
    },
  };
}

/** Writes the observer as JavaScript, so that nothing else is loaded into the node: under tsx it would not be the node that is shipped. */
async function writeObserver(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-observer-'));
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  for (const name of OBSERVER_FILES) {
    const source = await readFile(new URL(`${name}.ts`, OBSERVER_FOLDER), 'utf8');
    const { outputText } = ts.transpileModule(source, {
      compilerOptions: {
        module: ts.ModuleKind.ESNext,
        target: ts.ScriptTarget.ES2022,
        rewriteRelativeImportExtensions: true,
      },
    });
    await writeFile(join(folder, `${name}.js`), outputText);
  }
  return folder;
}
