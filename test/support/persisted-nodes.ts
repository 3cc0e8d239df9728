import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { idOf } from '../../src/server/persisted-documents.ts';
import { createDatabase, type Database, type Gateway, startNode } from './gateway.ts';
import { createOrganization, type TestOrganization } from './organization.ts';

/** The listed documents. */
export const WHO = 'query Who($id: ID!) { node(id: $id) { __typename id } }';
export const LIVE = 'subscription Live { messageAdded { __typename } }';
export const RENAME =
  'mutation Rename($input: RenameConversationInput!) { renameConversation(input: $input) { __typename } }';
const CUSTOM = '{ viewer { __typename } }';
const LIST = { [idOf(WHO)]: WHO, [idOf(LIVE)]: LIVE, [idOf(RENAME)]: RENAME, 'web-1.4.who': CUSTOM };

export const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');
/** Extensions with which Apollo's clients send a text's hash. */
export const automatic = (text: string) => ({ persistedQuery: { version: 1, sha256Hash: hashOf(text) } });

export interface PersistedNodes {
  /** Has a list, and executes other documents as well. */
  open: Gateway;
  /** Executes the documents of the list alone. */
  closed: Gateway;
  agentOf(node: Gateway): TestOrganization['agent'];
  /** Value of an agent's Authorization header. */
  authorizationOf(node: Gateway): Promise<string>;
}

/** Starts both nodes for the tests of a file. They are there when a test runs. */
export function preparePersistedNodes(): PersistedNodes {
  const organizations = new Map<Gateway, TestOrganization>();
  const agentOf = (node: Gateway) => (organizations.get(node) as TestOrganization).agent;
  const nodes = {
    agentOf,
    authorizationOf: async (node: Gateway) => `Bearer ${await node.tokenFor(agentOf(node))}`,
  } as PersistedNodes;
  let folder: string;
  let databases: Database[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parley-persisted-'));
    const path = join(folder, 'list.json');
    await writeFile(path, JSON.stringify(LIST));
    databases = [await createDatabase(), await createDatabase()];
    const [first, second] = databases as [Database, Database];
    nodes.open = await startNode(first, { PERSISTED_DOCUMENTS: path });
    nodes.closed = await startNode(second, { PERSISTED_DOCUMENTS: path, PERSISTED_ONLY: 'true' });
    for (const node of [nodes.open, nodes.closed]) organizations.set(node, await createOrganization(node));
  });

  afterAll(async () => {
    for (const node of [nodes.open, nodes.closed]) await node.stop();
    for (const database of databases) await database.drop();
    await rm(folder, { recursive: true });
  });

  return nodes;
}
