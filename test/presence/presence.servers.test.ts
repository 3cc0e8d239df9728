import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import WebSocket from 'ws';
import { createDatabase, SECRET, startNode } from '../support/gateway.ts';
import { type LiveEvent, openSubscription } from '../support/live.ts';
import { createOrganization } from '../support/organization.ts';
import { runParley } from '../support/process.ts';

const PRESENCE = 'subscription { live: presence { availability actor { __typename id } } }';

test('a user whose only node is killed goes offline, and stays online while it lives', async () => {
  const database = await createDatabase();
  onTestFinished(() => database.drop());
  const node = await startNode(database);
  onTestFinished(async () => void (await node.stop()));
  const { agent, admin } = await createOrganization(node);

  const doomed = runParley(['serve'], {
    DATABASE_URL: database.url ?? '',
    REDIS_URL: process.env.TEST_REDIS_URL ?? '',
    AUTH_SECRET: SECRET,
  });
  onTestFinished(() => void doomed.child.kill('SIGKILL'));
  const [, port] = await doomed.printed(/127\.0\.0\.1:(\d+)|localhost:(\d+)/);
  const socket = new WebSocket(`ws://127.0.0.1:${port}/graphql`, ['graphql-transport-ws']);
  socket.on('error', () => {});
  await once(socket, 'open');
  const payload = { authorization: `Bearer ${await node.tokenFor(agent)}` };
  socket.send(JSON.stringify({ type: 'connection_init', payload }));
  await once(socket, 'message');

  const live = await openSubscription(node, admin, { query: PRESENCE, transport: 'SSE' });
  const next = async () => {
    const { actor, availability } = (await live.event()) as LiveEvent & { availability: string };
    return [actor?.id, availability];
  };
  const here = [await next(), await next()];
  expect(here).toContainEqual([agent.id, 'ONLINE']);
  expect(here).toContainEqual([admin.id, 'ONLINE']);
  doomed.child.kill('SIGKILL');
  expect(await next()).toEqual([agent.id, 'OFFLINE']);
});
