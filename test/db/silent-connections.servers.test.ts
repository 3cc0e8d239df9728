import { beforeEach, expect, onTestFinished, test } from 'vitest';
import WebSocket from 'ws';
import { connectLive, keepLive } from '../../examples/live-list.ts';
import { captureLog } from '../support/captured-log.ts';
import { createDatabase, type Database, type Gateway, startNode } from '../support/gateway.ts';
import { openLink } from '../support/link.ts';
import { type LiveEvent, MESSAGES } from '../support/live.ts';
import { createMutations, requireResult } from '../support/mutations.ts';
import { createOrganization, openConversation } from '../support/organization.ts';
import { createReceiveQueue } from '../support/receive-queue.ts';

const POOLS = ['postgres.feed', 'postgres.reads', 'postgres.writes'];
const QUERY = '{ viewer { organization { name } } }';
// An answer must come within a few seconds, also that there is none.
const FEW_SECONDS_MS = 7_000;

let database: Database;
/** Reaches the database directly. */
let other: Gateway;

beforeEach(async () => {
  database = await createDatabase();
  onTestFinished(() => database.drop());
  other = await startNode(database);
  onTestFinished(async () => void (await other.stop()));
});

async function startBehind() {
  const link = await openLink(database.url ?? '');
  const { log, lines } = captureLog();
  const node = await startNode(database, { DATABASE_URL: link.url }, { log, answerTimeoutMs: 400 });
  onTestFinished(async () => void (await node.stop()));
  const toldOf = (msg: string) =>
    lines
      .filter((line) => line.msg === msg && String(line.link).startsWith('postgres'))
      .map(({ link: name }) => name)
      .sort();
  return { link, node, toldOf };
}

async function timed<T>(run: () => Promise<T>): Promise<T> {
  const began = performance.now();
  const result = await run();
  expect(performance.now() - began).toBeLessThan(FEW_SECONDS_MS);
  return result;
}

test('while PostgreSQL is silent, operations are BUSY within seconds; a node tells so, recovers, and its subscribers miss nothing', async () => {
  const { link, node, toldOf } = await startBehind();
  const organization = await createOrganization(other);
  const { agent } = organization;
  const conversationId = await openConversation(other, organization);
  const say = async (through: Gateway, content: string) =>
    createMutations(through).send(agent, { conversationId, content });
  const heard = createReceiveQueue<LiveEvent>('event');
  const client = connectLive(
    () => `${node.url.replace('http', 'ws')}/graphql`,
    () => node.tokenFor(agent),
    WebSocket,
  );
  const stop = keepLive<LiveEvent>(client, {
    query: MESSAGES,
    load: async () => (await other.ask(agent, '{ streamCursor }')).data.streamCursor,
    onEvent: (event) => event.__typename !== 'CaughtUp' && heard.put(event),
    onEnd: heard.close,
  });
  onTestFinished(async () => {
    stop();
    await client.dispose();
  });
  requireResult(await say(node, 'before'));
  expect(await heard.next()).toMatchObject({ message: { content: 'before' } });

  link.freeze();
  for (let count = 0; count < 5; count++) requireResult(await say(other, `${count}`));
  const [read, changed] = await timed(() => Promise.all([node.ask(agent, QUERY), say(node, 'lost')]));
  const busy = [{ extensions: { code: 'BUSY', retryAfter: 1 } }];
  expect(read.errors).toMatchObject(busy);
  expect(changed.errors).toMatchObject(busy);
  await expect.poll(() => toldOf('a link does not work')).toEqual(POOLS);
  expect((await timed(() => fetch(`${node.url}/ready`))).status).toBe(503);

  link.thaw();
  await expect.poll(() => toldOf('a link works again')).toEqual(POOLS);
  expect(toldOf('a link does not work')).toEqual(POOLS);
  for (let count = 0; count < 5; count++)
    expect(await heard.next()).toMatchObject({ message: { content: `${count}` } });
  requireResult(await say(node, 'after'));
  expect(await heard.next()).toMatchObject({ message: { content: 'after' } });
  expect((await fetch(`${node.url}/ready`)).status).toBe(200);
});

test('connections that fell silent take no place of the pool: many operations are answered after one was BUSY', async () => {
  const { link, node } = await startBehind();
  const { agent } = await createOrganization(other);
  const askMany = () => Promise.all(Array.from({ length: 30 }, () => node.ask(agent, QUERY)));
  await askMany();
  link.silence();
  await expect.poll(async () => (await timed(() => node.ask(agent, QUERY))).errors).toBeUndefined();
  for (const { errors } of await timed(askMany)) expect(errors).toBeUndefined();
});
