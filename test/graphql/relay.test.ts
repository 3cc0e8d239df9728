import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';

// Relay has the strictest requirements on a schema: other clients can use what its compiler accepts.

const COMPILER = createRequire(import.meta.url).resolve('relay-compiler/cli.js');

const INBOX = `
  query inboxQuery($cursor: String) {
    streamCursor
    viewer { identity { __typename id name avatarUrl } }
    ...inboxList_list @arguments(cursor: $cursor)
  }`;

const LIST = `
  fragment inboxList_list on Query @refetchable(queryName: "inboxListPageQuery")
  @argumentDefinitions(count: { type: "Int", defaultValue: 20 }, cursor: { type: "String" }) {
    conversations(first: $count, after: $cursor, filter: { status: [OPEN] }) @connection(key: "inbox_conversations") {
      totalCount
      edges {
        node {
          id number name status lastInteractedAt unreadCount customAttributes
          contact { name email } owner { displayName } bot { name } website { url } audience { name }
          lastMessage { seq content sender { __typename name ... on User { displayName } ... on Contact { phoneNumber } } }
        }
      }
    }
  }`;

const SEND = `
  mutation sendMutation($input: SendMessageInput!) {
    sendMessage(input: $input) {
      __typename
      ... on MessageSent { sent { id seq content attachments { fileType dataUrl } conversation { status } } }
      ... on NewerMessagesError { newer { seq } conversation { lastSeq } }
      ... on ConversationClosedError { conversation { status } }
      ... on UserError { message }
    }
  }`;

const STATUS = `
  mutation statusMutation($input: SetConversationStatusInput!) {
    setConversationStatus(input: $input) {
      __typename
      ... on Conversation { id status version }
      ... on VersionConflictError { conversation { id version } }
      ... on InvalidInputError { issues { path code } }
      ... on UserError { message }
    }
  }`;

const LIVE = `
  subscription liveSubscription($after: String) {
    messageAdded(after: $after) {
      __typename
      ... on MessageAdded { cursor occurredAt actor { id name } message { id seq content conversation { id lastSeq } } }
      ... on CaughtUp { cursor }
      ... on ResetRequired { reason resumeAfter }
    }
  }`;

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

/** Compiles operations in a temporary project. Returns exit code, output, and the names of the artifacts. */
async function compile(operations: Record<string, string>) {
  const folder = await mkdtemp(join(tmpdir(), 'parley-relay-'));
  folders.push(folder);
  await mkdir(join(folder, 'artifacts'));
  await writeFile(join(folder, 'schema.graphql'), await readFile('schema.graphql'));
  for (const [name, text] of Object.entries(operations)) {
    await writeFile(
      join(folder, `${name}.ts`),
      `import { graphql } from 'relay-runtime';\nexport const ${name} = graphql\`${text}\`;\n`,
    );
  }
  const config = {
    src: '.',
    schema: './schema.graphql',
    artifactDirectory: './artifacts',
    language: 'typescript',
    eagerEsModules: true,
    customScalarTypes: { DateTime: 'string', UUID: 'string', JSON: 'unknown' },
  };
  await writeFile(join(folder, 'relay.config.json'), JSON.stringify(config));
  const { code, output } = await run(folder);
  return { code, output, artifacts: (await readdir(join(folder, 'artifacts'))).sort() };
}

function run(cwd: string): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [COMPILER, 'relay.config.json'], { cwd }, (error, stdout, stderr) => {
      resolve({ code: error ? 1 : 0, output: `${stdout}${stderr}` });
    });
  });
}

test('Relay compiles a paged inbox, mutations with their errors, and a subscription', async () => {
  const { code, output, artifacts } = await compile({
    inbox: INBOX,
    inboxList: LIST,
    send: SEND,
    status: STATUS,
    live: LIVE,
  });
  expect(output).not.toContain('✖');
  expect(code).toBe(0);
  expect(artifacts).toEqual([
    'inboxListPageQuery.graphql.ts',
    'inboxList_list.graphql.ts',
    'inboxQuery.graphql.ts',
    'liveSubscription.graphql.ts',
    'sendMutation.graphql.ts',
    'statusMutation.graphql.ts',
  ]);
});

test('Relay rejects a field that is not in the schema', async () => {
  const { code, output, artifacts } = await compile({
    inbox: 'query inboxQuery { viewer { identity { nickname } } }',
  });
  expect(output).toContain('The type `Actor` has no field `nickname`');
  expect(code).toBe(1);
  expect(artifacts).toEqual([]);
});
