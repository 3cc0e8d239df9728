import { readFile } from 'node:fs/promises';
import { beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import WebSocket from 'ws';
import { connectLive, keepLive } from '../../examples/live-list.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { type LiveEvent, MESSAGES } from '../support/live.ts';
import { mutate } from '../support/mutate.ts';
import { createMutations, type Person, requireResult } from '../support/mutations.ts';
import { createOrganization, openConversation, type TestOrganization } from '../support/organization.ts';
import { createReceiveQueue } from '../support/receive-queue.ts';

let gateway: Gateway;
let organization: TestOrganization;
let conversationId: string;

beforeAll(async () => {
  gateway = await startGateway();
});

beforeEach(async () => {
  organization = await createOrganization(gateway);
  conversationId = await openConversation(gateway, organization);
});

const say = async (content: string) =>
  requireResult(await createMutations(gateway).send(organization.colleague, { conversationId, content }));

/** Runs the client and collects its events, its end, and the sockets that it opened. */
function keep(
  person: Person,
  {
    load,
    variables = {},
    onEvent = () => {},
  }: Partial<Pick<Parameters<typeof keepLive>[1], 'load' | 'variables' | 'onEvent'>>,
) {
  const [events, ends, sockets] = [
    createReceiveQueue<LiveEvent>('event'),
    createReceiveQueue<unknown>('end'),
    [] as WebSocket[],
  ];
  class Socket extends WebSocket {
    constructor(...args: ConstructorParameters<typeof WebSocket>) {
      super(...args);
      sockets.push(this);
    }
  }
  const client = connectLive(
    () => `${gateway.url.replace('http', 'ws')}/graphql`,
    () => gateway.tokenFor(person),
    Socket,
  );
  const stop = keepLive<LiveEvent>(client, {
    ...{ query: MESSAGES, variables, onEnd: ends.put },
    load: load ?? (async () => (await gateway.ask(person, '{ streamCursor }')).data.streamCursor),
    onEvent(event) {
      events.put(event);
      onEvent(event);
    },
  });
  onTestFinished(stop);
  return { next: events.next, end: ends.next, sockets, stop };
}

test('the client that the documentation shows is the one that is tested', async () => {
  const read = (path: string) => readFile(new URL(`../../${path}`, import.meta.url), 'utf8');
  expect(await read('docs/realtime.md')).toContain(
    `\`\`\`ts\n${await read('examples/live-list.ts')}\`\`\`\n`,
  );
});

test('loads again until it can, and afresh where its cursor is of no use', async () => {
  const answers = [null, 'no cursor', '', null];
  const { next } = keep(organization.agent, {
    async load() {
      const answer = answers.shift();
      if (answer === null) throw new Error('not now');
      return answer ?? (await gateway.ask(organization.agent, '{ streamCursor }')).data.streamCursor;
    },
  });
  expect(await next()).toMatchObject({ __typename: 'CaughtUp' });
  expect(answers).toEqual([]);
  await say('Hello');
  expect(await next()).toMatchObject({ message: { content: 'Hello' } });
});

test('is over where it is refused, and where its person is removed', async () => {
  const refused = keep(organization.agent, { variables: { conversationId: organization.id } });
  expect(await refused.end()).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);

  const removed = keep(organization.agent, {});
  await removed.next();
  const input = { userId: organization.agent.id };
  await mutate(gateway, organization.admin, { mutation: 'deleteUser', input, selected: '' });
  expect(await removed.end()).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  expect(removed.sockets).toHaveLength(1);
});

test('tells a fault of the page’s own, and goes on for nobody', async () => {
  const fault = new Error('a fault of the page');
  const { end } = keep(organization.agent, {
    onEvent() {
      throw fault;
    },
  });
  expect(await end()).toBe(fault);
});

test('gives up a link that has gone silent, misses nothing, and hears nothing twice when it wakes', async () => {
  const { next, sockets } = keep(organization.agent, {});
  await next();
  sockets[0]?.pause();
  await say('while it is silent');
  await expect.poll(() => sockets.length, { timeout: 60_000 }).toBe(2);
  expect(await next()).toMatchObject({ message: { content: 'while it is silent' } });
  expect(await next()).toMatchObject({ __typename: 'CaughtUp' });
  const woken = new Promise((resolve) => sockets[0]?.once('close', resolve));
  sockets[0]?.resume();
  await woken;
  await say('later');
  expect(await next()).toMatchObject({ message: { content: 'later' } });
});
