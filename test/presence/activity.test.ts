import { beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { Bus } from '../../src/bus/bus.ts';
import { createMemoryBus } from '../../src/bus/bus-memory.ts';
import { connectRedisBus } from '../../src/bus/bus-redis.ts';
import { newId } from '../../src/ids.ts';
import { createLog } from '../../src/log.ts';
import { createActivities } from '../../src/presence/activity.ts';
import { createMemoryActivityStore } from '../../src/presence/activity-memory.ts';
import { connectRedisActivityStore } from '../../src/presence/activity-redis.ts';
import type { Activity, ActivityState, ActivityStore } from '../../src/presence/activity-store.ts';
import { createMutate, expectChanged } from '../support/conversation-mutations.ts';
import { type Gateway, startGateways } from '../support/gateway.ts';
import { openSubscription, type TestSubscription, TRANSPORTS } from '../support/live.ts';
import { mutate } from '../support/mutate.ts';
import { createMutations, type Person, requireResult } from '../support/mutations.ts';
import { createOrganization, openConversation, type TestOrganization } from '../support/organization.ts';
import { createReceiveQueue } from '../support/receive-queue.ts';

const REDIS = process.env.TEST_REDIS_URL;
const log = createLog('fatal');
// Longer than a busy machine takes to refresh an activity.
const TIME_TO_LIVE_MS = 2_000;

interface Parts {
  store: ActivityStore;
  bus: Bus;
}

interface Heard {
  saidThrough?: ReturnType<typeof createActivities>;
  through?: ReturnType<typeof createActivities>;
  where?: { organizationId: string; conversationId: string };
}

// Each call returns the store and the bus of one node.
const KINDS: Record<string, () => () => Parts> = {
  memory() {
    const parts = { store: createMemoryActivityStore(), bus: createMemoryBus() };
    return () => parts;
  },
  ...(REDIS
    ? {
        redis: () => () => ({
          store: connectRedisActivityStore(REDIS, log),
          bus: connectRedisBus(REDIS, log),
        }),
      }
    : {}),
};

for (const [kind, create] of Object.entries(KINDS)) {
  describe(`${kind}: activity in a conversation`, () => {
    let place: { organizationId: string; conversationId: string };
    let organizationId: string;
    let conversationId: string;
    let startNode: () => Promise<ReturnType<typeof createActivities>>;
    let node: ReturnType<typeof createActivities>;

    beforeEach(async () => {
      place = { organizationId: newId('Organization'), conversationId: newId('Conversation') };
      ({ organizationId, conversationId } = place);
      const partsOf = create();
      startNode = async () => {
        const { store, bus } = partsOf();
        const activities = createActivities({ store, bus, log, timeToLiveMs: TIME_TO_LIVE_MS });
        onTestFinished(async () => {
          await Promise.all([activities.stop(), bus.stop()]);
        });
        // A node stores and reads nothing until its connections are up.
        await setAndListen(newId('User'), 'TYPING', { through: activities, where: elsewhere() });
        return activities;
      };
      node = await startNode();
    });

    const elsewhere = () => ({ ...place, conversationId: newId('Conversation') });

    const say = (actorId: string, activity: Activity, through = node, where = place) =>
      through.set(organizationId, { conversationId: where.conversationId, actorId, activity });

    /**
     * Sets an activity and then listens. Repeats both when the activity expired in between. Resolves with the listener that found it.
     */
    async function setAndListen(
      actorId: string,
      activity: Activity,
      { saidThrough, through = node, where = place }: Heard = {},
    ) {
      let heard: Awaited<ReturnType<typeof listen>> | undefined;
      await expect
        .poll(async () => {
          heard?.end();
          await say(actorId, activity, saidThrough ?? through, where);
          heard = await listen(through, where);
          return heard.states.map((state) => state.actorId);
        })
        .toContain(actorId);
      return heard as NonNullable<typeof heard>;
    }

    async function listen(through = node, where = place) {
      const inbox = createReceiveQueue<ActivityState>('state');
      const states: ActivityState[] = [];
      const end = await through.listen(where, (state) => {
        states.push(state);
        inbox.put(state);
      });
      onTestFinished(end);
      return { next: inbox.next, states, end };
    }

    test('is emitted to listeners, and expires without a refresh', async () => {
      const actorId = newId('User');
      const { next } = await listen();
      await say(actorId, 'TYPING');
      expect(await next()).toEqual({ conversationId, actorId, activity: 'TYPING' });
      expect(await next()).toEqual({ conversationId, actorId, activity: 'NONE' });
    });

    test('is emitted to a later listener on another node, and expires there', async () => {
      const actorId = newId('User');
      const { next } = await setAndListen(actorId, 'WRITING_NOTE', {
        saidThrough: node,
        through: await startNode(),
      });
      expect(await next()).toEqual({ conversationId, actorId, activity: 'WRITING_NOTE' });
      expect(await next()).toEqual({ conversationId, actorId, activity: 'NONE' });
    });

    test('lasts while it is refreshed, and is emitted once', async () => {
      const actorId = newId('User');
      const { next, states } = await listen();
      await say(actorId, 'TYPING');
      expect(await next()).toEqual({ conversationId, actorId, activity: 'TYPING' });
      // Activity of others that is not refreshed marks the time: it expires twice, one after the other.
      for (const marker of [newId('User'), newId('User')]) {
        const heard = await setAndListen(marker, 'VIEWING', { where: elsewhere() });
        await expect
          .poll(
            async () => {
              await say(actorId, 'TYPING');
              return heard.states.at(-1)?.activity;
            },
            { interval: 50, timeout: 10 * TIME_TO_LIVE_MS },
          )
          .toBe('NONE');
      }
      expect(states).toEqual([{ conversationId, actorId, activity: 'TYPING' }]);
      await say(actorId, 'NONE');
      expect(await next()).toEqual({ conversationId, actorId, activity: 'NONE' });
    });

    test('is not emitted in another conversation, nor after the listener has stopped', async () => {
      const actorId = newId('User');
      const inAnother = await listen(node, elsewhere());
      const left = await listen();
      left.end();
      const { next } = await listen();
      await say(actorId, 'TYPING');
      await next();
      expect([inAnother.states, left.states]).toEqual([[], []]);
    });
  });
}

const ACTIVITY = `subscription ($conversationId: ID!) { live: activity(conversationId: $conversationId) {
  __typename conversationId activity actor { __typename id name } } }`;

let nodes: Gateway[];
let gateway: Gateway;
let other: Gateway;
let organization: TestOrganization;
let conversationId: string;

beforeAll(async () => {
  nodes = await startGateways(REDIS && process.env.TEST_DATABASE_URL ? 2 : 1);
  [gateway, other] = [nodes[0], nodes.at(-1)] as [Gateway, Gateway];
});

beforeEach(async () => {
  organization = await createOrganization(gateway);
  conversationId = await openConversation(gateway, organization);
});

async function say(person: Person, activity: Activity, through = gateway) {
  const mutation = 'mutation ($input: SetActivityInput!) { setActivity(input: $input) }';
  return through.ask(person, mutation, { input: { conversationId, activity } });
}

const open = (person: Person, options: object = {}) =>
  openSubscription(other, person, { query: ACTIVITY, conversationId, ...options });
const next = async (live: TestSubscription) => {
  const { activity, actor } = (await live.event()) as unknown as { activity: string; actor: { id: string } };
  return [actor.id, activity];
};

for (const transport of TRANSPORTS) {
  test(`over ${transport}, activity begins with the current activity of others, and then sends each change`, async () => {
    const { agent, colleague, contact, bot } = organization;
    expect(await say(colleague, 'WRITING_NOTE')).toMatchObject({ data: { setActivity: true }, status: 200 });
    const live = await open(agent, { transport });
    expect(await live.event()).toEqual({
      __typename: 'ActivityChanged',
      conversationId,
      activity: 'WRITING_NOTE',
      actor: { __typename: 'User', id: colleague.id, name: 'Ben' },
    });
    await say(agent, 'TYPING');
    await say(contact, 'TYPING');
    await say(colleague, 'NONE');
    await say(bot, 'VIEWING');
    expect([await next(live), await next(live), await next(live)]).toEqual([
      [contact.id, 'TYPING'],
      [colleague.id, 'NONE'],
      [bot.id, 'VIEWING'],
    ]);
  });
}

test('a contact sees TYPING of users that they know, and neither VIEWING nor WRITING_NOTE', async () => {
  const { agent, colleague, contact } = organization;
  const changes = createMutations(gateway);
  requireResult(await changes.send(agent, { conversationId, content: 'Hello' }));
  await say(agent, 'WRITING_NOTE');
  await say(colleague, 'TYPING');
  const live = await open(contact);
  const team = await open(colleague);
  expect(await next(team)).toEqual([agent.id, 'WRITING_NOTE']);
  await say(agent, 'VIEWING');
  await say(agent, 'TYPING');
  expect(await next(live)).toEqual([agent.id, 'TYPING']);
  await say(agent, 'WRITING_NOTE');
  expect(await next(live)).toEqual([agent.id, 'NONE']);
});

describe('activity is rejected', () => {
  test('for WRITING_NOTE of a contact', async () => {
    const { errors, data } = await say(organization.contact, 'WRITING_NOTE');
    expect(data).toEqual({ setActivity: null });
    expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(['FORBIDDEN']);
  });

  test('for viewers who can not see the conversation, in the mutation and in the subscription', async () => {
    const stranger = (await createOrganization(gateway)).agent;
    for (const person of [stranger, organization.otherContact]) {
      const { errors } = await say(person, 'TYPING');
      expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(['NOT_FOUND']);
      const { errors: refused } = await (await open(person)).next();
      expect(refused.map(({ extensions }) => extensions?.code)).toEqual(['NOT_FOUND']);
    }
  });

  test('for a deleted conversation', async () => {
    await expectChanged(createMutate(gateway)('deleteConversation', organization.agent, { conversationId }));
    const { errors } = await say(organization.agent, 'TYPING');
    expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(['NOT_FOUND']);
  });
});

test('blocking a contact ends the subscription and releases the log follower', async () => {
  const { admin, contact } = organization;
  const live = await open(contact);
  await expect.poll(() => other.feed.count().streams).toBe(1);
  const input = { contactId: contact.id, blocked: true };
  const { result } = await mutate(gateway, admin, { mutation: 'setContactBlocked', input, selected: '' });
  expect(result.__typename).toBe('Contact');
  expect((await live.next()).errors.map(({ extensions }) => extensions?.code)).toEqual(['FORBIDDEN']);
  await live.ended;
  await expect.poll(() => other.feed.count()).toEqual({ organizations: 0, streams: 0 });
});
