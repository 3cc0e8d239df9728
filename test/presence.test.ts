import { createClient } from 'graphql-ws';
import { expect, onTestFinished, test } from 'vitest';
import WebSocket from 'ws';
import { createMemoryPresence } from '../src/feed/memory-presence.ts';
import type { Presence } from '../src/feed/presence.ts';
import { connectRedisPresence } from '../src/feed/redis-presence.ts';
import { newId } from '../src/ids.ts';
import { createLog } from '../src/log.ts';
import { startGateways } from './support/gateway.ts';
import { createOrganization } from './support/organization.ts';

const REDIS = process.env.TEST_REDIS_URL;
const KINDS: Record<string, () => Presence> = {
  memory: createMemoryPresence,
  ...(REDIS ? { redis: () => connectRedisPresence(REDIS, createLog('fatal')) } : {}),
};

for (const [kind, create] of Object.entries(KINDS)) {
  test(`${kind}: a person is online from their first socket to their last`, async () => {
    const presence = create();
    onTestFinished(() => presence.stop());
    const [organizationId, id, other] = [newId('Organization'), newId('User'), newId('User')];
    const isOnline = async () => (await presence.online(organizationId, [other, id])).has(id);

    expect(await isOnline()).toBe(false);
    const [leave, leaveToo] = [presence.arrive(organizationId, id), presence.arrive(organizationId, id)];
    await expect.poll(isOnline).toBe(true);
    leave();
    leave();
    expect(await isOnline()).toBe(true);
    leaveToo();
    await expect.poll(isOnline).toBe(false);
    expect(await presence.online(organizationId, [other])).toEqual(new Set());
  });
}

test('isOnline says whether a page of somebody is connected, on any node, and is asked for all of them at once', async () => {
  const nodes = await startGateways(REDIS && process.env.TEST_DATABASE_URL ? 2 : 1);
  const [here, there] = [nodes[0], nodes.at(-1)];
  if (!here || !there) throw new Error('no node was started');
  const organization = await createOrganization(here);
  const onlineThere = async () => {
    const { data } = await there.ask(
      organization.colleague,
      '{ users(first: 10) { nodes { name isOnline } } contacts { nodes { isOnline } } }',
    );
    return data.users.nodes
      .filter((user: { isOnline: boolean }) => user.isOnline)
      .map((user: { name: string }) => user.name);
  };
  expect(await onlineThere()).toEqual([]);

  const client = createClient({
    url: `${here.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    lazy: false,
    connectionParams: { authorization: `Bearer ${await here.tokenFor(organization.agent)}` },
  });
  await expect.poll(onlineThere, { timeout: 30_000 }).toEqual(['Ana']);
  await client.dispose();
  await expect.poll(onlineThere, { timeout: 30_000 }).toEqual([]);
});
