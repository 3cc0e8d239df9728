import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// With TEST_DATABASE_URL the same tests run on a PostgreSQL server, and those that need one (*.servers.test.ts) besides; with
// TEST_REDIS_URL the nodes talk over Redis.
const onServers = process.env.TEST_DATABASE_URL !== undefined;

export default defineConfig({
  // Node loads graphql's CommonJS half, as its packages do; Vite would load the other, and two halves don't know each other.
  resolve: { alias: [{ find: /^graphql$/, replacement: fileURLToPath(import.meta.resolve('graphql')) }] },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: onServers ? [] : ['test/**/*.servers.test.ts'],
    globalSetup: ['test/support/template.ts'],
    // Long enough for a machine that does ten other things: none waits for time to pass.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
    maxWorkers: 2,
    // Each file would load the gateway anew, which takes two seconds. On servers a process of its own gives back the connections that
    // a file still has open, of which PostgreSQL has a hundred.
    isolate: onServers,
  },
});
