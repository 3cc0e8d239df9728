import { createPubSub } from 'graphql-yoga';
import { beforeAll, expect, test } from 'vitest';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { type LiveEvent, MESSAGES, openLiveSubscription, openSubscription } from '../support/live.ts';
import { createMutations, type Mutations, requireResult } from '../support/mutations.ts';
import { createOrganization, openConversation } from '../support/organization.ts';

// Faults of common subscription set-ups, and that they do not occur here. See also pubsub-pitfalls.servers.test.ts for broken
// connections and slow-consumer.test.ts for backpressure.

let gateway: Gateway;
let changes: Mutations;

beforeAll(async () => {
  gateway = await startGateway();
  changes = createMutations(gateway);
});

async function createTeam() {
  const organization = await createOrganization(gateway);
  const conversationId = await openConversation(gateway, organization);
  const say = async (content: string) =>
    requireResult(await changes.send(organization.agent, { conversationId, content }));
  return { ...organization, conversationId, say };
}

const isMessage = ({ __typename }: LiveEvent) => __typename === 'MessageAdded';

test('an event between a query and its subscription is lost with a PubSub, and not here', async () => {
  const pubSub = createPubSub<{ said: [string] }>();
  pubSub.publish('said', 'in between');
  const heard = pubSub.subscribe('said').next();
  pubSub.publish('said', 'later');
  expect((await heard).value).toBe('later');

  const team = await createTeam();
  for (let round = 0; round < 10; round++) {
    const { data } = await gateway.ask(team.agent, '{ streamCursor }');
    const [stream] = await Promise.all([
      openSubscription(gateway, team.agent, { after: data.streamCursor }),
      team.say(`in between ${round}`),
    ]);
    const frames = await stream.upTo(isMessage);
    expect(frames.at(-1)?.event).toMatchObject({ message: { content: `in between ${round}` } });
    stream.stop();
  }
});

test('tenant isolation: concurrent subscribers of two organizations get no event of the other', async () => {
  const teams = [await createTeam(), await createTeam()];
  const watched = await Promise.all(
    teams.map(async (team) => ({
      team,
      live: await openLiveSubscription(gateway, team.agent, { query: MESSAGES }),
    })),
  );
  const strangers = await Promise.all(
    teams.map(({ agent }, index) =>
      openSubscription(gateway, agent, { conversationId: teams[1 - index]?.conversationId ?? '' }),
    ),
  );
  await Promise.all(
    teams.map(async ({ say, id }) => {
      for (let count = 0; count < 20; count++) await say(`${id} ${count}`);
    }),
  );
  for (const { team, live } of watched) {
    for (let count = 0; count < 20; count++)
      expect(await live.event()).toMatchObject({ message: { content: `${team.id} ${count}` } });
  }
  for (const stream of strangers) expect((await stream.next()).errors[0]?.extensions?.code).toBe('NOT_FOUND');
});
