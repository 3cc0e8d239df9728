// Steps to run at the end of a test file. A hook that is registered while hooks or tests run would never run.

const STORE = Symbol.for('parley.file-end');

type Step = () => Promise<void>;

// Test files share a process, and each may load this file anew.
const shared: Step[] | undefined = Reflect.get(globalThis, STORE);
const steps: Step[] = shared ?? [];
Reflect.set(globalThis, STORE, steps);

/** Runs the step when all tests of the file have run. The last registered runs first. */
export function onFileEnd(step: Step) {
  steps.push(step);
}

export async function endFile() {
  for (const step of steps.splice(0).reverse()) await step();
}
