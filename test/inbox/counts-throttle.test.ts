import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { ConversationCounts } from '../../src/domain/inbox/counts.ts';
import { createInboxCounts } from '../../src/domain/inbox/live-counts.ts';
import type { LogEvent } from '../../src/feed/event.ts';
import type { LogListener } from '../../src/feed/listeners.ts';
import type { LogFollower } from '../../src/feed/log-follower.ts';
import { createLog } from '../../src/log.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { createOrganization, openConversation } from '../support/organization.ts';
import { createReceiveQueue } from '../support/receive-queue.ts';

const THROTTLE_MS = 200;

let gateway: Gateway;

beforeAll(async () => {
  gateway = await startGateway();
});

afterEach(() => {
  vi.useRealTimers();
});

test('a burst of events is read once, when the throttle interval has passed', async () => {
  const organization = await createOrganization(gateway);
  const id = await openConversation(gateway, organization);
  const { id: organizationId, agent } = organization;
  const viewer = { ...agent, kind: 'user', contactId: null, isAdmin: false, isBlocked: false } as const;
  const cursorKeys = { epoch: new Uint8Array(), cursorKey: new Uint8Array() };
  const counts = createInboxCounts({ db: gateway.db, log: createLog('silent') });
  const emitted = createReceiveQueue<ConversationCounts>('counts');
  let emitEvent: LogListener = () => {};
  const follower = {
    listen(_scope: object, listener: LogListener) {
      emitEvent = listener;
      return () => {};
    },
  } as unknown as LogFollower;
  const readTotals = () => gateway.statements().filter((sql) => sql.includes('GROUPING SETS')).length;

  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  const unsubscribe = await counts
    .createCountsSource({ organizationId, contactId: null, isBlocked: false, cursorKeys }, {})
    .subscribe({
      viewer: { ...viewer, cursorKeys },
      follower,
      emit: (_key, state) => emitted.put(state as ConversationCounts),
    });
  await vi.advanceTimersByTimeAsync(0);
  expect(await emitted.next()).toMatchObject({
    all: 1,
    byStatus: [{ status: 'OPEN', count: 1 }, {}, {}, {}, {}, {}, {}],
  });

  gateway.statements();
  await gateway.db.writes.conversation.update({ where: { id }, data: { status: 'SPAM' } });
  for (let index = 0; index < 40; index++) emitEvent({ conversationId: id } as LogEvent);
  await vi.advanceTimersByTimeAsync(THROTTLE_MS - 1);
  // A read that had begun too early would be done after this one: the embedded database runs one statement at a time.
  await gateway.db.reads.conversation.findFirst({ where: { id } });
  expect(readTotals()).toBe(0);
  await vi.advanceTimersByTimeAsync(1);
  expect((await emitted.next()).byStatus).toContainEqual({ status: 'SPAM', count: 1 });
  await vi.advanceTimersByTimeAsync(10 * THROTTLE_MS);
  expect(readTotals()).toBe(1);
  unsubscribe();
});
