import { expect, test } from 'vitest';
import { createRefCounted, whenReady } from '../src/ref-counted.ts';

/** A registry of numbered values that records which of them it disposed of. */
function createNumbered() {
  const disposed: number[] = [];
  let created = 0;
  const registry = createRefCounted<{ number: number }>(({ number }) => disposed.push(number));
  return {
    registry,
    disposed,
    acquire: (key = 'key') => registry.acquire(key, () => ({ number: ++created })),
  };
}

test('holders of one key share one value, and the last release disposes of it', () => {
  const { registry, acquire, disposed } = createNumbered();
  const [first, second] = [acquire(), acquire()];
  expect(second.value).toBe(first.value);
  expect({ size: registry.size(), holders: registry.countHolders() }).toEqual({ size: 1, holders: 2 });
  first.release();
  expect({ value: registry.get('key'), disposed }).toEqual({ value: { number: 1 }, disposed: [] });
  second.release();
  expect({ value: registry.get('key'), disposed }).toEqual({ value: undefined, disposed: [1] });
  expect(acquire().value).toEqual({ number: 2 });
});

test('keys have values of their own', () => {
  const { registry, acquire, disposed } = createNumbered();
  const one = acquire('one');
  acquire('two');
  expect([...registry]).toEqual([{ number: 1 }, { number: 2 }]);
  one.release();
  expect({ left: [...registry], disposed }).toEqual({ left: [{ number: 2 }], disposed: [1] });
});

test('a lease that is released twice gives back one share', () => {
  const { registry, acquire, disposed } = createNumbered();
  const [first, second] = [acquire(), acquire()];
  first.release();
  first.release();
  expect({ holders: registry.countHolders(), disposed }).toEqual({ holders: 1, disposed: [] });
  second.release();
  second.release();
  expect(disposed).toEqual([1]);
});

test('a detached value stays with its holders, and their release leaves the successor alone', () => {
  const { registry, acquire, disposed } = createNumbered();
  const old = acquire();
  registry.detach('key', old.value);
  const successor = acquire();
  expect(successor.value).toEqual({ number: 2 });
  old.release();
  expect({ value: registry.get('key'), disposed }).toEqual({ value: { number: 2 }, disposed: [1] });
  successor.release();
  expect(disposed).toEqual([1, 2]);
});

test('only the present value of a key is detached', () => {
  const { registry, acquire } = createNumbered();
  const old = acquire();
  registry.detach('key', old.value);
  const successor = acquire();
  registry.detach('key', old.value);
  expect(registry.get('key')).toBe(successor.value);
});

test('a value that fails to start is released by everybody who waits for it, and built anew for the next', async () => {
  const disposed: string[] = [];
  const registry = createRefCounted<{ name: string; ready: Promise<unknown> }>(({ name }) =>
    disposed.push(name),
  );
  const failed = Promise.reject(new Error('no start'));
  const acquire = (name: string, ready: Promise<unknown>) =>
    whenReady(registry.acquire('key', () => ({ name, ready })));
  const waiting = await Promise.allSettled([acquire('broken', failed), acquire('never created', failed)]);
  expect(waiting.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect({ size: registry.size(), disposed }).toEqual({ size: 0, disposed: ['broken'] });
  const { value, release } = await acquire('working', Promise.resolve());
  expect(value.name).toBe('working');
  release();
  expect(disposed).toEqual(['broken', 'working']);
});
