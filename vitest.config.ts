import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// TEST_DATABASE_URL runs the same tests on a PostgreSQL server, plus those that need one (*.servers.test.ts). TEST_REDIS_URL
// connects the nodes over Redis.
const onServers = process.env.TEST_DATABASE_URL !== undefined;

// Tests that connect to neither server, or start the embedded database whatever the configuration: one run says all.
const WITHOUT_SERVERS = [
  'test/*.test.ts',
  'test/cli/{demo-token,persist,scripts}.test.ts',
  'test/core/{maintenance,url,validation}.test.ts',
  'test/db/{data-folder,organization-share,private-files,schema-drift,statement-text}.test.ts',
  'test/fuzz/{observed-process,operations,stall-meter}.test.ts',
  'test/graphql/{complexity,introspection,relay,schema,upstream}.test.ts',
  'test/live/{coalesced-reads,executor,redaction-in-flight,result-cache,send-queue,state-feed,turns}.test.ts',
  'test/server/{document-cache,key-set,persisted-list,token-expiry}.test.ts',
];

export default defineConfig({
  // Node loads graphql's CommonJS build, as its dependents do. Vite would load the ESM build as a second copy, which graphql-js refuses.
  resolve: { alias: [{ find: /^graphql$/, replacement: fileURLToPath(import.meta.resolve('graphql')) }] },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: onServers ? WITHOUT_SERVERS : ['test/**/*.servers.test.ts'],
    globalSetup: ['test/support/template.ts'],
    setupFiles: ['test/support/end-file.ts', 'test/support/check-answers.ts', 'test/support/check-log.ts'],
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
