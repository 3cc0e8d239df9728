import { afterAll } from 'vitest';
import { endFile } from './file-end.ts';

// Runs before each test file.

afterAll(endFile);
