import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ApolloClient, HttpLink } from '@apollo/client';
import { buildSchema, introspectionFromSchema } from 'graphql';
import { createOperationDescriptor, getRequest } from 'relay-runtime';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import WebSocket from 'ws';
import * as apollo from '../../examples/apollo.ts';
import { connectLive } from '../../examples/live-list.ts';
import * as urql from '../../examples/urql.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { mutate } from '../support/mutate.ts';
import { createOrganization, openConversation, type TestOrganization } from '../support/organization.ts';

const FILTER = { status: ['OPEN'] };
const EXPECTED =
  'query ($filter: ConversationFilter) { conversations(first: 100, filter: $filter) { nodes { id name status lastMessage { id content } } } }';
const read = (path: string) => readFile(new URL(`../../${path}`, import.meta.url), 'utf8');

let gateway: Gateway;

beforeAll(async () => {
  gateway = await startGateway();
});

interface Row {
  id: string;
  name: string;
  status: string;
  lastMessage: { id: string; content: string } | null;
}

/** A client of one of the libraries that keeps a list: its rows as they are in its cache. */
type Keep = (organization: TestOrganization, live: ReturnType<typeof connectLive>) => Promise<() => Row[]>;

const endAs = (reason: unknown) => expect(reason).toBeUndefined();

const keepWithApollo: Keep = async ({ agent }, live) => {
  const authorization = `Bearer ${await gateway.tokenFor(agent)}`;
  const link = new HttpLink({ uri: `${gateway.url}/graphql`, headers: { authorization } });
  const client = new ApolloClient({ cache: apollo.createCache(), link });
  onTestFinished(apollo.keepList(client, live, { filter: FILTER, onEnd: endAs }));
  onTestFinished(() => client.stop());
  const list = { query: apollo.LIST, variables: { filter: FILTER } };
  return () => client.readQuery<{ conversations: { nodes: Row[] } }>(list)?.conversations.nodes ?? [];
};

const keepWithUrql: Keep = async ({ agent }, live) => {
  const token = await gateway.tokenFor(agent);
  const schema = introspectionFromSchema(buildSchema(await read('schema.graphql')));
  const client = urql.createUrql({ url: `${gateway.url}/graphql`, live, schema, token: () => token });
  const variables = { filter: FILTER };
  let rows: Row[] = [];
  const { unsubscribe } = client.subscription(urql.INBOX, variables).subscribe(({ error }) => endAs(error));
  onTestFinished(unsubscribe);
  const shown = client.query(urql.LIST, variables).subscribe(({ data }) => {
    rows = data?.conversations.nodes ?? rows;
  });
  onTestFinished(shown.unsubscribe);
  return () => rows;
};

const keepWithRelay: Keep = async ({ agent }, live) => {
  const relay = await import('../../examples/relay.ts');
  const token = () => gateway.tokenFor(agent);
  const environment = relay.createRelay(`${gateway.url}/graphql`, live, token);
  onTestFinished(relay.keepList(environment, FILTER, endAs));
  const { fragment } = createOperationDescriptor(getRequest(relay.LIST), { filter: FILTER });
  return () => {
    const { conversations } = environment.lookup(fragment).data as {
      conversations?: { edges: { node: Row }[] };
    };
    return (conversations?.edges ?? []).map(({ node }) => node);
  };
};

// Replaces Relay's Babel plugin: maps a document's text to the artifact that the compiler made of it.
const artifacts = vi.hoisted(() => new Map<string, unknown>());
vi.mock('relay-runtime', async (importOriginal) => ({
  ...(await importOriginal<object>()),
  graphql: ([text = '']: TemplateStringsArray) =>
    artifacts.get(/(?:query|subscription|fragment) (\w+)/.exec(text)?.[1] ?? ''),
}));

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-relay-'));
  await mkdir(join(folder, 'artifacts'));
  await writeFile(join(folder, 'schema.graphql'), await read('schema.graphql'));
  // The compiler looks for tagged texts alone.
  await writeFile(join(folder, 'relay.js'), await read('examples/relay.ts'));
  const config = {
    ...{ src: '.', schema: './schema.graphql', artifactDirectory: './artifacts' },
    ...{ language: 'javascript', eagerEsModules: false },
  };
  await writeFile(join(folder, 'relay.config.json'), JSON.stringify(config));
  const compiler = createRequire(import.meta.url).resolve('relay-compiler/cli.js');
  await promisify(execFile)(process.execPath, [compiler, 'relay.config.json'], { cwd: folder });
  for (const file of await readdir(join(folder, 'artifacts'))) {
    const module = (await import(/* @vite-ignore */ join(folder, 'artifacts', file))) as { default: unknown };
    artifacts.set(file.replace('.graphql.js', ''), module.default);
  }
});

afterAll(() => rm(folder, { recursive: true }));

const plain = (rows: readonly Row[]) =>
  rows
    .map(({ id, name, status, lastMessage }) => ({ id, name, status, message: lastMessage?.content ?? null }))
    .sort((one, other) => (one.id < other.id ? -1 : 1));

describe.each<[string, Keep]>([
  ['apollo', keepWithApollo],
  ['urql', keepWithUrql],
  ['relay', keepWithRelay],
])('%s', (name, keep) => {
  test('the documentation shows what is tested', async () => {
    expect(await read('docs/realtime.md')).toContain(
      `\`\`\`ts\n${await read(`examples/${name}.ts`)}\`\`\`\n`,
    );
  });

  test('its list is what a query answers, whatever comes, goes and changes, and after the link was cut', async () => {
    const organization = await createOrganization(gateway);
    const { agent } = organization;
    const open = () => openConversation(gateway, organization);
    const [first, second] = [await open(), await open()];
    let socket: WebSocket | undefined;
    let opened = 0;
    class Socket extends WebSocket {
      constructor(...args: ConstructorParameters<typeof WebSocket>) {
        super(...args);
        socket = this;
        opened += 1;
      }
    }
    const live = connectLive(
      () => `${gateway.url.replace('http', 'ws')}/graphql`,
      () => gateway.tokenFor(agent),
      Socket,
    );
    const rows = await keep(organization, live);
    const change = async (mutation: string, input: object, type?: string) => {
      const { result, errors } = await mutate(gateway, agent, { mutation, input, type, selected: '' });
      expect(JSON.stringify(errors ?? result.__typename)).toMatch(/^"(Conversation|MessageSent)"$/);
    };
    const say = (conversationId: string, content: string) =>
      change('sendMessage', { conversationId, content });
    const setStatus = (conversationId: string, status: string) =>
      change('setConversationStatus', { conversationId, status });
    async function expectAsAsked(count: number) {
      const { data } = await gateway.ask(agent, EXPECTED, { filter: FILTER });
      expect(data.conversations.nodes).toHaveLength(count);
      await expect.poll(() => plain(rows()), { timeout: 20_000 }).toEqual(plain(data.conversations.nodes));
    }

    await expectAsAsked(2);
    const third = await open();
    await expectAsAsked(3);
    await setStatus(first, 'PENDING');
    await expectAsAsked(2);
    await say(second, 'hello');
    await expectAsAsked(2);
    await change('renameConversation', { conversationId: second, name: 'Another name' });
    await expectAsAsked(2);
    await setStatus(first, 'OPEN');
    await expectAsAsked(3);
    await say(first, 'back again');
    await expectAsAsked(3);
    await change('deleteConversation', { conversationId: third }, 'ConversationInput');
    await expectAsAsked(2);

    const before = opened;
    socket?.terminate();
    const fourth = await open();
    await setStatus(second, 'RESOLVED');
    await say(first, 'while it was away');
    await expectAsAsked(2);
    await say(fourth, 'and live once more');
    await expectAsAsked(2);
    expect(opened).toBeGreaterThan(before);
  });
});
