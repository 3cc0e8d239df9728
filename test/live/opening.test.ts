import { GraphQLError, parse } from 'graphql';
import { afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { createMemoryBus } from '../../src/bus/bus-memory.ts';
import type { Viewer } from '../../src/domain/core/viewer.ts';
import { createSubscriptionSources } from '../../src/domain/inbox/subscription-source.ts';
import type { Services } from '../../src/graphql/core/context.ts';
import { toClientError } from '../../src/graphql/core/errors.ts';
import { schema } from '../../src/graphql/schema.ts';
import { createSubscriptionEngine } from '../../src/live/engine.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { MESSAGES, openSubscription, TRANSPORTS } from '../support/live.ts';
import { stateOf } from '../support/log.ts';
import { mutate } from '../support/mutate.ts';
import type { Person } from '../support/mutations.ts';
import { createOrganization, openConversation, type TestOrganization } from '../support/organization.ts';
import { createReceiveQueue } from '../support/receive-queue.ts';
import { connect } from '../support/socket.ts';
import { feedOn } from '../support/stream.ts';

// Changes of a viewer, and of the log, while a subscription is being opened: between authentication and its first frame.

let gateway: Gateway;
let organization: TestOrganization;

beforeAll(async () => {
  gateway = await startGateway();
});

beforeEach(async () => {
  organization = await createOrganization(gateway);
  await openConversation(gateway, organization);
});

afterEach(() => {
  vi.useRealTimers();
});

const PRESENCE = 'subscription { live: presence { __typename } }';

const LOSSES: [string, (it: TestOrganization) => [Person, () => Promise<unknown>]][] = [
  [
    'a removed user',
    ({ colleague: { id, organizationId } }) => [
      { id, organizationId },
      () => gateway.db.writes.user.update({ where: { id }, data: { removedAt: new Date() } }),
    ],
  ],
  [
    'a removed bot',
    ({ bot: { id, organizationId } }) => [
      { id, organizationId },
      () => gateway.db.writes.bot.update({ where: { id }, data: { removedAt: new Date() } }),
    ],
  ],
  [
    'a blocked contact',
    ({ contact: { id, organizationId } }) => [
      { id, organizationId },
      () => gateway.db.writes.contact.update({ where: { id }, data: { blocked: true } }),
    ],
  ],
];

// Rows are changed without an event: its only one was heard before the subscription was tracked.
describe.each(LOSSES)('%s, whom the node still remembers,', (_title, pick) => {
  test.each(
    TRANSPORTS.flatMap(
      (transport) =>
        [
          [transport, 'messages', MESSAGES],
          [transport, 'presence', PRESENCE],
        ] as const,
    ),
  )('can not subscribe (%s, %s)', async (transport, _what, query) => {
    const [person, lose] = pick(organization);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
    expect((await gateway.ask(person, '{ viewer { identity { id } } }')).errors).toBeUndefined();
    await lose();
    const live = await openSubscription(gateway, person, { transport, query });
    expect((await live.next()).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    await live.ended;
  });

  test('has their websocket closed with 4401', async () => {
    const [person, lose] = pick(organization);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
    const socket = await connect(gateway, person);
    await lose();
    socket.send({ id: '1', type: 'subscribe', payload: { query: MESSAGES } });
    expect(await socket.next()).toMatchObject({ id: '1', type: 'error' });
    expect(await socket.closed).toMatchObject({ code: 4401 });
  });
});

/** Opens a subscription whose viewer is never read again: it stays in the state of being opened. */
async function openForever(query: string) {
  const { colleague, id: organizationId } = organization;
  const feed = feedOn(gateway, createMemoryBus(), { headPollIntervalMs: 10 });
  const { epoch, cursorKey } = await stateOf(gateway, organizationId);
  const viewer: Viewer = {
    kind: 'user',
    id: colleague.id,
    organizationId,
    contactId: null,
    isAdmin: false,
    isBlocked: false,
    cursorKeys: { epoch, cursorKey },
  };
  const ends = createReceiveQueue<string>('end');
  const readings = createReceiveQueue<object>('reading');
  const engine = createSubscriptionEngine({
    services: {
      db: gateway.db.reads,
      feed,
      subscriptionSources: createSubscriptionSources({ db: gateway.db }),
      presenceSource: { subscribe: async () => () => {} },
    } as Partial<Services> as Services,
    feed,
    viewers: {
      forget() {},
      countLoads: () => 0,
      requireViewer(claims) {
        readings.put(claims);
        return new Promise(() => {});
      },
    },
    mask: (error) => toClientError(error) ?? new GraphQLError(String(error)),
  });
  onTestFinished(() => engine.stop());
  engine.open({ schema, document: parse(query) }, viewer, {
    isReady: () => true,
    next: ({ result }) => ends.put(JSON.stringify(result.data)),
    complete() {},
    fail: ([error]) => ends.put(`failed: ${error?.extensions.code}`),
    disconnect: (error) => ends.put(`disconnected: ${error.extensions.code}`),
  });
  await readings.next();
  return ends;
}

test('a viewer who is removed while a subscription is being opened is disconnected', async () => {
  for (const query of [MESSAGES, PRESENCE]) {
    organization = await createOrganization(gateway);
    const ends = await openForever(query);
    const input = { userId: organization.colleague.id };
    await mutate(gateway, organization.admin, { mutation: 'deleteUser', input, selected: '' });
    expect(await ends.next()).toBe('disconnected: FORBIDDEN');
  }
});

test('a rewind of the log while a subscription is being opened ends it: with CURSOR_INVALID, or BUSY without cursors', async () => {
  const { id: organizationId } = organization;
  const streams = [await openForever(MESSAGES), await openForever(PRESENCE)] as const;
  const { writes } = gateway.db;
  const { head } = await stateOf(gateway, organizationId);
  await writes.event.deleteMany({ where: { organizationId, position: head } });
  await writes.feed.update({ where: { organizationId }, data: { head: head - 1 } });
  expect(JSON.parse(await streams[0].next())).toMatchObject({
    live: { __typename: 'ResetRequired', reason: 'CURSOR_INVALID' },
  });
  expect(await streams[1].next()).toBe('failed: BUSY');
});
