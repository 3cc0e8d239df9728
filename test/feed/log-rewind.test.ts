import { beforeAll, beforeEach, expect, test } from 'vitest';
import { rotateEpochsIfCloned } from '../../src/feed/epoch.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { type LiveEvent, openLiveSubscription, openSubscription } from '../support/live.ts';
import { cursorAt, stateOf } from '../support/log.ts';
import { createMutations, type Mutations, requireResult } from '../support/mutations.ts';
import { createOrganization, openConversation, type TestOrganization } from '../support/organization.ts';

let gateway: Gateway;
let changes: Mutations;
let organization: TestOrganization;
let conversationId: string;

beforeAll(async () => {
  gateway = await startGateway();
  changes = createMutations(gateway);
});

beforeEach(async () => {
  organization = await createOrganization(gateway);
  conversationId = await openConversation(gateway, organization);
});

const RESET_REQUIRED = { __typename: 'ResetRequired', reason: 'CURSOR_INVALID', resumeAfter: null };
const isCaughtUp = ({ __typename }: LiveEvent) => __typename === 'CaughtUp';
const say = async (content: string) =>
  requireResult(await changes.send(organization.agent, { conversationId, content }));
const headCursor = async () =>
  cursorAt(gateway, organization.id, (await stateOf(gateway, organization.id)).head);

/** Rewinds the organization's log by `count` events, as a restored backup does. */
async function rewind(count: number) {
  const { writes } = gateway.db;
  const { head } = await stateOf(gateway, organization.id);
  const organizationId = organization.id;
  await writes.event.deleteMany({ where: { organizationId, position: { gt: head - count } } });
  await writes.feed.update({ where: { organizationId }, data: { head: head - count } });
}

test('a rewind of the log ends its subscriptions with CURSOR_INVALID, and new subscriptions miss no later event', async () => {
  const { epoch } = await stateOf(gateway, organization.id);
  const live = await openLiveSubscription(gateway, organization.agent);
  const bystander = await openLiveSubscription(gateway, organization.colleague);
  for (const content of ['undone 1', 'undone 2']) await say(content);
  const [{ cursor }] = [await live.next(), await live.next(), await bystander.next(), await bystander.next()];
  await rewind(2);
  for (const stream of [live, bystander]) {
    expect(await stream.event()).toEqual(RESET_REQUIRED);
    await stream.ended;
  }
  expect((await stateOf(gateway, organization.id)).epoch).not.toEqual(epoch);

  const after = await headCursor();
  for (const content of ['one', 'two', 'three']) await say(content);
  const late = await openSubscription(gateway, organization.agent, { after: cursor });
  expect(await late.event()).toEqual(RESET_REQUIRED);
  const resumed = await openSubscription(gateway, organization.agent, { after });
  const frames = await resumed.upTo(isCaughtUp);
  expect(frames.map(({ event }) => event?.message?.content)).toEqual(['one', 'two', 'three', undefined]);
  await say('four');
  expect(await resumed.event()).toMatchObject({ message: { content: 'four' } });
});

test('an event that arrives while the head is being read is not taken for a rewind', async () => {
  const live = await openLiveSubscription(gateway, organization.agent);
  const { epoch } = await stateOf(gateway, organization.id);
  const writing = (async () => {
    for (let count = 0; count < 100; count++) await say(`${count}`);
  })();
  for (let count = 0; count < 100; count++)
    expect(await live.event()).toMatchObject({ message: { content: `${count}` } });
  await writing;
  expect((await stateOf(gateway, organization.id)).epoch).toEqual(epoch);
});

test('nodes that start on a copy of the database rotate the epoch of every log, once', async () => {
  const after = await headCursor();
  expect(await rotateEpochsIfCloned(gateway.db)).toBe(false);
  const same = await openSubscription(gateway, organization.agent, { after });
  expect(await same.event()).toMatchObject({ __typename: 'CaughtUp' });
  // The identity of another server, as a backup of it holds.
  await gateway.db.writes.installation.update({ where: { id: 1 }, data: { identity: 'another' } });
  const nodes = await Promise.all([rotateEpochsIfCloned(gateway.db), rotateEpochsIfCloned(gateway.db)]);
  expect(nodes.filter(Boolean)).toHaveLength(1);
  expect(await same.event()).toEqual(RESET_REQUIRED);
  const stream = await openSubscription(gateway, organization.agent, { after });
  expect(await stream.event()).toEqual(RESET_REQUIRED);
});
