import { parse } from 'graphql';
import { expect, test } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';
import { createLiveWords } from '../../src/live/caught-up-cache.ts';
import type { Executor } from '../../src/live/executor.ts';
import { computeOperationKey } from '../../src/live/operation-key.ts';

const WATCH = `subscription ($id: ID!, $after: String, $brief: Boolean = false) {
  conversation(id: $id, after: $after) { __typename ... on CaughtUp { cursor @skip(if: $brief) } }
}`;

/** The keys of an operation. */
function keysOf(variableValues: Record<string, unknown>, text = WATCH) {
  const keys = computeOperationKey({ schema, document: parse(text), variableValues });
  if ('errors' in keys) throw keys.errors[0];
  return keys;
}

test('who watches something else shares no events, and who shows the same shares the word that they have caught up', () => {
  const [one, other] = [keysOf({ id: 'CVR-1' }), keysOf({ id: 'CVR-2' })];
  expect(one.key).not.toBe(other.key);
  expect(one.shownKey).toBe(other.shownKey);
  expect(keysOf({ id: 'CVR-1', after: 'a cursor' })).toEqual(one);
});

test('who shows something else shares neither', () => {
  const [one, brief] = [keysOf({ id: 'CVR-1' }), keysOf({ id: 'CVR-1', brief: true })];
  expect(one.key).not.toBe(brief.key);
  expect(one.shownKey).not.toBe(brief.shownKey);
  expect(keysOf({ id: 'CVR-1', brief: false })).toEqual(one);
  expect(keysOf({ id: 'CVR-1' }, WATCH.replace('__typename', 'kind: __typename')).shownKey).not.toBe(
    one.shownKey,
  );
});

test('a variable that is an argument of the root field and is used within it, too, is shown', () => {
  const text = `subscription ($id: ID!, $after: String) {
    one: conversation(id: $id, after: $after) { ... on CaughtUp { cursor } }
    ... on Subscription { conversation(id: $id) { __typename } }
  }`;
  expect(keysOf({ id: 'CVR-1' }, text).shownKey).not.toBe(keysOf({ id: 'CVR-2' }, text).shownKey);
});

test('the word is executed once for all who show the same at the same event', async () => {
  let executions = 0;
  const execution = {
    async forAnybody() {
      executions += 1;
      return { gone: true };
    },
  } as Partial<Executor> as Executor;
  const words = createLiveWords();
  const first = words.caughtUp(execution, 'shown', 'cursor');
  expect(words.caughtUp(execution, 'shown', 'cursor')).toBe(first);
  expect(executions).toBe(1);
  words.caughtUp(execution, 'otherwise', 'cursor');
  words.caughtUp(execution, 'shown', 'later');
  expect(executions).toBe(3);
});
