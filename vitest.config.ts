import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// TEST_DATABASE_URL runs the same tests on a PostgreSQL server, plus those that need one (*.servers.test.ts). TEST_REDIS_URL
// connects the nodes over Redis.
const onServers = process.env.TEST_DATABASE_URL !== undefined;

export default defineConfig({
  // Node loads graphql's CommonJS build, as its dependents do. Vite would load the ESM build as a second copy, which graphql-js refuses.
  resolve: { alias: [{ find: /^graphql$/, replacement: fileURLToPath(import.meta.resolve('graphql')) }] },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: onServers ? [] : ['test/**/*.servers.test.ts'],
    globalSetup: ['test/support/template.ts'],
    setupFiles: ['test/support/check-answers.ts', 'test/support/check-log.ts'],
    // Upper bounds for a busy machine. No test waits for time to pass.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
    maxWorkers: 2,
    // Without isolation the gateway is loaded once, which saves 2 s per file. On servers a process per file returns leftover
    // connections, of which PostgreSQL allows 100.
    isolate: onServers,
  },
});
