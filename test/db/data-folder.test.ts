import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FolderInUseError, lockFolder } from '../../src/db/folder-lock.ts';
import { DEMO } from '../../src/demo/demo-people.ts';
import { runParley } from '../support/process.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-data-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const COUNT = '{"query":"{ conversations(first: 1, filter: { text: \\"kept\\" }) { totalCount } }"}';

async function ask(url: string, token: string, body: string) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body,
  });
  return (await response.json()) as {
    data: { conversations: { totalCount?: number; nodes?: { id: string }[] } };
  };
}

test('a second process on the same data folder exits with an explanation, and no data is lost', async () => {
  const env = { DATA_DIR: folder, NODE_ENV: '' };
  const first = runParley(['serve'], env);
  const [, url = ''] = await first.printed(/ready at (http:\/\/\S+)\/graphql/);
  const [, token = ''] = await first.printed(/agent +Authorization: Bearer (\S+)/);

  const second = runParley(['serve'], env);
  expect(await second.exited).toBe(1);
  expect(second.output()).toMatch(new RegExp(`The data in .* is in use by process ${first.child.pid} `));

  // `token` asks the process that has the data open.
  const asked = runParley(['token', DEMO.agentId], env);
  expect(await asked.exited).toBe(0);
  const name = {
    query: `mutation ($id: ID!) { renameConversation(input: { conversationId: $id, name: "kept" }) { ... on Conversation { name } } }`,
  };
  const list = await ask(
    url,
    asked.output().trim(),
    '{"query":"{ conversations(first: 1) { nodes { id } } }"}',
  );
  await ask(
    url,
    token,
    JSON.stringify({ ...name, variables: { id: list.data.conversations.nodes?.[0]?.id } }),
  );

  first.child.kill('SIGTERM');
  expect(await first.exited).toBe(0);

  const third = runParley(['serve'], env);
  const [, again = ''] = await third.printed(/ready at (http:\/\/\S+)\/graphql/);
  // The token is still valid after a restart.
  expect(await ask(again, token, COUNT)).toEqual({ data: { conversations: { totalCount: 1 } } });
  third.child.kill('SIGKILL');
  await third.exited;

  // No process runs, and a stale lock was left behind.
  const alone = runParley(['token', DEMO.contactId], env);
  expect(await alone.exited).toBe(0);
  expect(alone.output().trim()).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
});

test('a token for an unknown id is refused', async () => {
  const program = runParley(['token', 'USR-NOBODY'], { DATA_DIR: join(folder, 'other') });
  expect(await program.exited).toBe(1);
  expect(program.output()).toMatch(/There is no user, contact or bot "USR-NOBODY"/);
});

test('the lock of a dead process is taken over by exactly one of several processes', async () => {
  const place = await mkdtemp(join(tmpdir(), 'parley-lock-'));
  await writeFile(join(place, 'lock'), `999999999 ${hostname()}`);
  const tries = await Promise.allSettled(Array.from({ length: 8 }, () => lockFolder(place)));
  const taken = tries.filter((one) => one.status === 'fulfilled');
  expect(taken).toHaveLength(1);
  for (const one of tries) if (one.status === 'rejected') expect(one.reason).toBeInstanceOf(FolderInUseError);
  expect(await readFile(join(place, 'lock'), 'utf8')).toBe(`${process.pid} ${hostname()}`);
  await rm(place, { recursive: true });
});

test('the lock of a process on another host is respected, since it can not be asked', async () => {
  const place = await mkdtemp(join(tmpdir(), 'parley-lock-'));
  await writeFile(join(place, 'lock'), '1 another-host');
  await expect(lockFolder(place)).rejects.toThrow(/process 1 on another-host/);
  await rm(place, { recursive: true });
});
