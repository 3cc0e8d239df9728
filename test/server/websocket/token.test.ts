import { createSecretKey } from 'node:crypto';
import { createClient } from 'graphql-ws';
import { SignJWT } from 'jose';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import WebSocket from 'ws';
import { newId } from '../../../src/ids.ts';
import { type Gateway, SECRET, startGateway } from '../../support/gateway.ts';
import { MESSAGES } from '../../support/live.ts';
import type { Person } from '../../support/mutations.ts';
import { createOrganization, openConversation, type TestOrganization } from '../../support/organization.ts';
import { createReceiveQueue } from '../../support/receive-queue.ts';
import { openSocket } from '../../support/socket.ts';

let gateway: Gateway;
let organization: TestOrganization;

beforeAll(async () => {
  gateway = await startGateway();
  organization = await createOrganization(gateway);
});

function tokenUntil(exp: number, { id, organizationId }: Person = organization.agent) {
  const token = new SignJWT({ org: organizationId })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(id)
    .setExpirationTime(exp);
  return token.sign(createSecretKey(Buffer.from(SECRET)));
}

const inSeconds = (seconds: number) => Math.ceil(Date.now() / 1_000) + seconds;

describe('an invalid token in connection_init is answered with 4403 and the reason', () => {
  const cases: Record<string, () => Promise<{ payload?: object; reason: RegExp }>> = {
    'without a token': async () => ({
      reason: /^Give \{"authorization": "Bearer <JWT>"\} in connection_init\.$/,
    }),
    'with a broken token': async () => ({
      payload: { authorization: 'Bearer nonsense' },
      reason: /^The token is broken/,
    }),
    'with another scheme': async () => ({
      payload: { authorization: 'Basic abc' },
      reason: /must be "Bearer <JWT>"/,
    }),
    'with an expired token': async () => ({
      payload: { authorization: `Bearer ${await tokenUntil(inSeconds(-60))}` },
      reason: /^The token has expired/,
    }),
    'with the token of an unknown viewer': async () => ({
      payload: {
        authorization: `Bearer ${await tokenUntil(inSeconds(60), { ...organization.agent, id: newId('User') })}`,
      },
      reason: /^The token is valid, but names no existing viewer/,
    }),
  };
  for (const [name, make] of Object.entries(cases)) {
    test(name, async () => {
      const { payload, reason } = await make();
      const socket = await openSocket(gateway);
      socket.send({ type: 'connection_init', payload });
      expect(await socket.closed).toEqual({ code: 4403, reason: expect.stringMatching(reason) });
    });
  }

  test('the websocket is closed with 4403 when its token expires', async () => {
    const socket = await openSocket(gateway);
    const token = await tokenUntil(inSeconds(1));
    socket.send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
    expect(await socket.next()).toEqual({ type: 'connection_ack' });
    socket.send({ id: 'live', type: 'subscribe', payload: { query: MESSAGES } });
    await socket.next();
    expect(await socket.closed).toEqual({
      code: 4403,
      reason: expect.stringMatching(/^The token has expired/),
    });
  });

  test('a client that reconnects with a new token goes on', async () => {
    const tokens = [await tokenUntil(inSeconds(1)), await tokenUntil(inSeconds(60))];
    const client = createClient({
      url: `${gateway.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: () => ({ authorization: `Bearer ${tokens.shift()}` }),
      retryAttempts: 1,
      retryWait: async () => {},
    });
    onTestFinished(() => client.dispose());
    const events = createReceiveQueue<unknown>('event');
    client.subscribe<{ live: unknown }>(
      { query: MESSAGES },
      { next: ({ data }) => events.put(data?.live), error: events.close, complete: events.close },
    );
    expect(await events.next()).toMatchObject({ __typename: 'CaughtUp' });
    expect(await events.next()).toMatchObject({ __typename: 'CaughtUp' });
    const conversationId = await openConversation(gateway, organization, {
      firstMessage: { content: 'Hello' },
    });
    expect(await events.next()).toMatchObject({ message: { conversation: { id: conversationId } } });
  });
});
