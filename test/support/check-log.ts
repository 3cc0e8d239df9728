import { afterEach, expect } from 'vitest';
import { takeLeaks } from './checked-log.ts';

// Runs before each test file.

afterEach(() => {
  expect(takeLeaks(), 'logged, and a token, a text or an address of a person is in it').toEqual([]);
});
