import { buildSchema, execute, parse, validate } from 'graphql';
import { expect, onTestFinished, test } from 'vitest';
import WebSocket from 'ws';
import { createLog } from '../../../src/log.ts';
import { createHttpServer } from '../../../src/server/http/http-server.ts';
import { startWebSocketServer } from '../../../src/server/websocket/websocket-server.ts';

import { createReceiveQueue } from '../../support/receive-queue.ts';

const schema = buildSchema('type Query { one: Int } type Subscription { two: Int }');

/** A websocket server whose viewers can't be loaded once, after `connection_init`. */
async function startServer() {
  const log = createLog('silent');
  const http = createHttpServer({ handle: (_request, response) => response.end(), log });
  let isBroken = false;
  const release = () => undefined;
  const contextFactory = async () => ({});
  const server = startWebSocketServer({
    http,
    log,
    graphql: { getEnveloped: () => ({ schema, parse, validate, contextFactory, execute }) },
    documents: { resolve: (sent: object) => sent, keep: release },
    live: { turn: () => undefined },
    viewers: {
      async requireViewer() {
        const wasBroken = isBroken;
        isBroken = false;
        if (wasBroken) throw new Error('the connection was closed');
        return { isBlocked: false };
      },
    },
    authenticate: async () => ({ sub: 'USR-1', org: 'ORG-1' }),
    connections: { add: () => release },
    presence: { trackConnection: () => release },
    admission: {
      addressOf: () => '127.0.0.1',
      countHandshake: async () => undefined,
      countOperation: async () => undefined,
      openSocket: () => release,
      openSocketOfAddress: () => release,
    },
    origins: { allows: () => true },
  } as unknown as Parameters<typeof startWebSocketServer>[0]);
  const url = await http.listen(0, '127.0.0.1');
  onTestFinished(async () => {
    const drained = http.drain();
    await server.stop(0, AbortSignal.abort());
    await drained;
  });
  return {
    url,
    failOnce() {
      isBroken = true;
    },
  };
}

test('a subscription that could not be opened for a moment is answered with BUSY, and not executed by graphql-ws', async () => {
  const { url, failOnce } = await startServer();
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  const messages = createReceiveQueue<{ type: string; payload?: unknown }>('message');
  socket.on('message', (data) => messages.put(JSON.parse(String(data))));
  await new Promise((resolve) => socket.once('open', resolve));
  socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: 'Bearer x' } }));
  expect(await messages.next()).toMatchObject({ type: 'connection_ack' });
  failOnce();
  socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: 'subscription { two }' } }));
  expect(await messages.next()).toMatchObject({
    type: 'error',
    payload: [{ extensions: { code: 'BUSY', retryAfter: 1 } }],
  });
});
