import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createMemoryBus } from '../../src/bus/bus-memory.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { type Frame, type LiveEvent, openSubscription, TRANSPORTS } from '../support/live.ts';
import { stateOf } from '../support/log.ts';
import { createMutations, type Mutations, type Person } from '../support/mutations.ts';
import { createOrganization, openConversation, type TestOrganization } from '../support/organization.ts';
import { feedOn, write } from '../support/stream.ts';

// Cursors tell a contact of events of their own, and once an hour that the organization had others.

let gateway: Gateway;
let changes: Mutations;
let organization: TestOrganization;
let conversationId: string;
let othersId: string;

beforeAll(async () => {
  gateway = await startGateway();
  changes = createMutations(gateway);
});

beforeEach(async () => {
  organization = await createOrganization(gateway);
  conversationId = await openConversation(gateway, organization);
  othersId = await openConversation(gateway, organization, { contactId: organization.otherContact.id });
  await setHour(0);
});

const isCaughtUp = ({ __typename }: LiveEvent) => __typename === 'CaughtUp';
const streamCursor = async (person: Person): Promise<string> =>
  (await gateway.ask(person, '{ streamCursor }')).data.streamCursor;
const say = async (content: string, more: object = {}, person: Person = organization.agent) =>
  (await changes.send(person, { conversationId, content, ...more })).cursor as string;
const sayElsewhere = (content: string) => say(content, { conversationId: othersId });
const note = () => say('note', { isPrivate: true });
const contents = (frames: Frame[]) => frames.map(({ event }) => event?.message?.content ?? event?.__typename);
const headPosition = async () => (await stateOf(gateway, organization.id)).head;

/** Says that the log's last event was written this many hours ago; a few hours ahead, no hour begins during the test. */
async function setHour(hoursAgo: number) {
  const hours = hoursAgo === 0 ? -12 : hoursAgo;
  await gateway.db.writes.$executeRaw`
    UPDATE "Feed" SET "hour" = date_trunc('hour', now(), 'UTC') - make_interval(hours => ${hours}::int)
     WHERE "organizationId" = ${organization.id}`;
}

/** Runs a step 20 times while somebody else's events are written: messages, notes, events of the team. */
async function amongEventsOfOthers<T>(step: () => Promise<T>): Promise<T[]> {
  const seen: T[] = [await step()];
  for (let index = 0; index < 20; index++) {
    await (index % 2 === 0 ? sayElsewhere(`${index}`) : note());
    seen.push(await step());
  }
  return seen;
}

/** Cursor of the frame CaughtUp of a new subscription. */
async function caughtUpCursor(person: Person, after?: string) {
  const stream = await openSubscription(gateway, person, { after });
  const frames = await stream.upTo(isCaughtUp);
  stream.stop();
  const last = frames.at(-1);
  expect(last?.event?.cursor).toBe(last?.cursor);
  return last?.cursor ?? '';
}

describe('a contact who asks again and again sees nothing move by events of others', () => {
  test('streamCursor', async () => {
    const { contact, agent } = organization;
    const seen = await amongEventsOfOthers(async () => [
      await streamCursor(contact),
      await streamCursor(agent),
    ]);
    expect(new Set(seen.map(([own]) => own)).size).toBe(1);
    expect(new Set(seen.map(([, teams]) => teams)).size).toBe(21);
  });

  test('CaughtUp, with and without after', async () => {
    const { contact } = organization;
    const after = await streamCursor(contact);
    const seen = await amongEventsOfOthers(async () => [
      await caughtUpCursor(contact),
      await caughtUpCursor(contact, after),
    ]);
    expect([...new Set(seen.flat())]).toEqual([after]);
  });

  test('the cursor of a mutation that changes nothing', async () => {
    const { contact } = organization;
    await say('hello');
    const read = async () => (await changes.markRead(contact, { conversationId })).cursor;
    const [, ...seen] = await amongEventsOfOthers(read);
    expect(new Set(seen).size).toBe(1);
  });

  test('and moves with each event of their own', async () => {
    const { contact } = organization;
    for (const person of [organization.agent, contact]) {
      await note();
      const cursor = await say('hello', {}, person);
      await sayElsewhere('hello');
      expect(await streamCursor(contact)).toBe(cursor);
      expect(await caughtUpCursor(contact)).toBe(cursor);
    }
  });
});

describe('once an hour', () => {
  test('the cursor is that of the head at its beginning', async () => {
    const { contact, agent } = organization;
    await sayElsewhere('one');
    const before = await streamCursor(contact);
    await setHour(1);
    const begin = await streamCursor(agent);
    expect(begin).not.toBe(before);
    // No event in the new hour yet, and then some.
    expect(await streamCursor(contact)).toBe(begin);
    await sayElsewhere('two');
    await note();
    expect(await streamCursor(contact)).toBe(begin);
    expect(await caughtUpCursor(contact)).toBe(begin);
    const own = await say('three');
    expect(await streamCursor(contact)).toBe(own);
  });

  test('a clock that is set back moves nothing', async () => {
    const { contact } = organization;
    const before = await streamCursor(contact);
    await setHour(-3);
    await sayElsewhere('one');
    expect(await streamCursor(contact)).toBe(before);
  });

  test('a log follower takes the mark of the hour only when it has delivered everything up to it', async () => {
    // Two buses: the follower hears nothing, and finds the events when it compares heads.
    const [writer, reader] = [
      feedOn(gateway, createMemoryBus()),
      feedOn(gateway, createMemoryBus(), { headPollIntervalMs: 5 }),
    ];
    const { follower, release } = await reader.follow(organization.id);
    const delivered: number[] = [];
    follower.listen({ organizationId: organization.id }, ({ position }) => {
      delivered.push(position);
      expect(follower.hourMark()).toBeLessThanOrEqual(position);
    });
    for (let hour = 0; hour < 5; hour++) {
      await write(writer, organization.id, 3);
      await setHour(1);
      const head = await headPosition();
      await expect
        .poll(() => {
          expect(follower.hourMark()).toBeLessThanOrEqual(follower.position());
          return follower.hourMark();
        })
        .toBe(head);
    }
    expect(delivered).toHaveLength(15);
    release();
  });
});

describe('no event is lost or repeated', () => {
  for (const transport of TRANSPORTS) {
    test(`after streamCursor and after CaughtUp, over ${transport}`, async () => {
      const { contact } = organization;
      const begin = await streamCursor(contact);
      for (const content of ['one', 'two']) {
        await sayElsewhere('elsewhere');
        await note();
        await say(content);
      }
      const stream = await openSubscription(gateway, contact, { after: begin, transport });
      const frames = await stream.upTo(isCaughtUp);
      expect(contents(frames)).toEqual(['one', 'two', 'CaughtUp']);
      await note();
      await say('three');
      expect((await stream.event()).message?.content).toBe('three');
      const again = await openSubscription(gateway, contact, { after: frames.at(-1)?.cursor, transport });
      expect(contents(await again.upTo(isCaughtUp))).toEqual(['three', 'CaughtUp']);
    });
  }

  test('an hour begins between the events', async () => {
    const { contact } = organization;
    const seen: (string | undefined)[] = [];
    let after = await streamCursor(contact);
    for (let hour = 0; hour < 3; hour++) {
      await say(`${hour} a`);
      await setHour(1);
      await sayElsewhere('elsewhere');
      await say(`${hour} b`);
      const stream = await openSubscription(gateway, contact, { after });
      const frames = await stream.upTo(isCaughtUp);
      stream.stop();
      seen.push(...contents(frames));
      after = frames.at(-1)?.cursor ?? '';
    }
    expect(seen).toEqual(['0 a', '0 b', 'CaughtUp', '1 a', '1 b', 'CaughtUp', '2 a', '2 b', 'CaughtUp']);
  });

  test("a contact after a team's cursor, and the team after a contact's", async () => {
    const { contact, agent } = organization;
    await sayElsewhere('before');
    const [teams, own] = [await streamCursor(agent), await streamCursor(contact)];
    expect(own).not.toBe(teams);
    await say('one');
    await sayElsewhere('two');
    const heard = async (person: Person, after: string) => {
      const stream = await openSubscription(gateway, person, { after });
      return contents(await stream.upTo(isCaughtUp));
    };
    expect(await heard(contact, teams)).toEqual(['one', 'CaughtUp']);
    expect(await heard(agent, teams)).toEqual(['one', 'two', 'CaughtUp']);
    // Older than the team's: what the team has seen meanwhile comes again.
    expect(await heard(agent, own)).toEqual(['before', 'one', 'two', 'CaughtUp']);
    expect(await heard(contact, own)).toEqual(['one', 'CaughtUp']);
  });

  test('cursors of events are the same for all', async () => {
    const { contact, agent } = organization;
    const after = await streamCursor(contact);
    await say('one');
    const cursors = [];
    for (const person of [contact, agent]) {
      const stream = await openSubscription(gateway, person, { after, conversationId });
      cursors.push((await stream.next()).cursor);
    }
    expect(cursors[0]).toBe(cursors[1]);
  });
});

describe('a reset is judged by what a contact may see', () => {
  const resumeWith = async (person: Person, after: string) => {
    const stream = await openSubscription(gateway, person, { after });
    const { event } = await stream.next();
    return event?.reason ?? event?.message?.content ?? event?.__typename;
  };

  test('CURSOR_EXPIRED: not while nothing of theirs came after the cursor', async () => {
    const { contact, agent } = organization;
    const after = await streamCursor(contact);
    for (const content of ['one', 'two']) await sayElsewhere(content);
    const data = { sweptTo: await headPosition() };
    await gateway.db.writes.feed.update({ where: { organizationId: organization.id }, data });
    expect(await resumeWith(agent, after)).toBe('CURSOR_EXPIRED');
    expect(await resumeWith(contact, after)).toBe('CaughtUp');
    await say('three');
    expect(await resumeWith(contact, after)).toBe('CURSOR_EXPIRED');
    expect(await resumeWith(contact, await streamCursor(contact))).toBe('CaughtUp');
  });

  test('TOO_FAR_BEHIND: events of others do not count', async () => {
    const { id: organizationId, contact, otherContact } = organization;
    const after = await streamCursor(contact);
    const feed = feedOn(gateway, createMemoryBus());
    await write(feed, organizationId, 10_001, { conversationId: othersId, contactId: otherContact.id });
    const { follower, release } = await feed.follow(organizationId);
    const outcomeOf = async (contactId: string | undefined) => {
      const scope = { organizationId, contactId };
      const missed = feed.catchUp(follower, { scope, after, accepts: () => true, onCaughtUp: () => {} });
      for (let count = 0; ; ) {
        const { done, value } = await missed.next();
        if (done) return { count, value };
        count += value.length;
      }
    };
    expect(await outcomeOf(undefined)).toEqual({ count: 10_000, value: 'TOO_FAR_BEHIND' });
    expect(await outcomeOf(otherContact.id)).toEqual({ count: 10_000, value: 'TOO_FAR_BEHIND' });
    expect(await outcomeOf(contact.id)).toEqual({ count: 0, value: undefined });
    release();
  });
});

test('the cursor of a contact takes one statement', async () => {
  const { contact } = organization;
  await streamCursor(contact);
  gateway.statements();
  await streamCursor(contact);
  expect(gateway.statements()).toHaveLength(1);
});
