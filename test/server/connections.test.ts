import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { signToken } from '../../src/server/authenticate.ts';
import { type Gateway, SECRET, startGateway, startNodeOfTest } from '../support/gateway.ts';
import { createSigningKey, signWith, startKeyServer } from '../support/key-server.ts';
import { openLiveSubscription, TRANSPORTS } from '../support/live.ts';
import { mutate } from '../support/mutate.ts';
import { createMutations, type Person, requireResult } from '../support/mutations.ts';
import { createOrganization, openConversation, type TestOrganization } from '../support/organization.ts';
import { connect } from '../support/socket.ts';

// Open connections end with the token that opened them.

const PRESENCE = 'subscription { live: presence { __typename } }';

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
  requireResult(await createMutations(gateway).send(organization.agent, { conversationId, content }));

/** The gateway with tokens that live so long. */
function withLifetime(lifetimeSeconds: number): Pick<Gateway, 'url' | 'tokenFor'> {
  return {
    url: gateway.url,
    tokenFor: ({ id, organizationId }) =>
      signToken(
        SECRET,
        { sub: id, org: organizationId },
        { issuer: undefined, audience: undefined, lifetimeSeconds },
      ),
  };
}

test('an event stream ends at exp: the last event says that the token has expired', async () => {
  for (const person of [organization.contact, organization.agent]) {
    const stays = await openLiveSubscription(gateway, person, { transport: 'SSE' });
    const live = await openLiveSubscription(withLifetime(2), person, { transport: 'SSE' });
    await say('before');
    expect(await live.event()).toMatchObject({ message: { content: 'before' } });
    const { event, errors } = await live.next();
    expect(event).toBeNull();
    expect(errors).toEqual([
      {
        message: 'The token has expired. Get a new one, and subscribe again with the last cursor as `after`.',
        extensions: { code: 'UNAUTHENTICATED' },
      },
    ]);
    await live.ended;
    await say('after');
    expect([await stays.event(), await stays.event()].map(({ message }) => message?.content)).toEqual([
      'before',
      'after',
    ]);
  }
});

test('an event stream of a state ends at exp, too', async () => {
  const { colleague } = organization;
  const url = `${gateway.url}/graphql`;
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      authorization: `Bearer ${await withLifetime(1).tokenFor(colleague)}`,
    },
    body: JSON.stringify({ query: PRESENCE }),
  });
  const events = (await response.text()).trim().split(/\n\n/);
  expect(events.at(-1)).toMatch(/^event: complete/);
  expect(events.at(-2)).toMatch(/^event: next\ndata: .*"UNAUTHENTICATED"/);
});

describe('when the identity provider has revoked the key of the token', () => {
  async function start() {
    const [revoked, other] = [await createSigningKey('a'), await createSigningKey('b')];
    const server = await startKeyServer(revoked, other);
    const node = await startNodeOfTest({ AUTH_JWKS_URL: server.url }, { keyRefreshIntervalMs: 20 });
    const people = await createOrganization(node);
    const signedWith = (key: typeof revoked) => ({
      url: node.url,
      tokenFor: (person: Person) => signWith(key, person),
    });
    return {
      people,
      old: signedWith(revoked),
      valid: signedWith(other),
      revoke: () => server.publish(other),
    };
  }

  test.each(TRANSPORTS)('a subscription ends, and those of other keys go on (%s)', async (transport) => {
    const { people, old, valid, revoke } = await start();
    const stays = await openLiveSubscription(valid, people.agent, { transport });
    const ends = await openLiveSubscription(old, people.agent, { transport });
    revoke();
    if (transport === 'SSE') {
      expect((await ends.next()).errors).toMatchObject([
        {
          message: expect.stringMatching(/^The key that signed the token was revoked/),
          extensions: { code: 'UNAUTHENTICATED' },
        },
      ]);
    }
    await ends.ended;
    const isOver = await Promise.race([stays.ended.then(() => true), Promise.resolve(false)]);
    expect(isOver).toBe(false);
  });

  test('a websocket is closed with 4403, after which clients connect with a new token', async () => {
    const { people, old, revoke } = await start();
    const socket = await connect(old, people.agent);
    revoke();
    expect(await socket.closed).toEqual({
      code: 4403,
      reason: 'The key that signed the token was revoked. Connect again with a new token.',
    });
  });
});

describe('a websocket without a subscription is closed with 4401', () => {
  const cases: [string, (it: TestOrganization) => [Person, string, object]][] = [
    ['a deleted user', ({ colleague }) => [colleague, 'deleteUser', { userId: colleague.id }]],
    ['a deleted bot', ({ bot }) => [bot, 'deleteBot', { botId: bot.id }]],
    [
      'a blocked contact',
      ({ contact }) => [contact, 'setContactBlocked', { contactId: contact.id, blocked: true }],
    ],
  ];

  test.each(cases)('%s', async (_title, pick) => {
    const [person, mutation, input] = pick(organization);
    const socket = await connect(gateway, person);
    const bystander = await connect(gateway, organization.agent);
    const { result } = await mutate(gateway, organization.admin, { mutation, input, selected: '' });
    expect(result.message).toBeUndefined();
    expect(await socket.closed).toEqual({ code: 4401, reason: 'You have been removed or blocked.' });
    bystander.send({ type: 'ping' });
    expect(await bystander.next()).toEqual({ type: 'pong' });
  });

  test('whose only subscription the client has completed', async () => {
    const { colleague, admin } = organization;
    const socket = await connect(gateway, colleague);
    socket.send({ id: '1', type: 'subscribe', payload: { query: PRESENCE } });
    expect(await socket.next()).toMatchObject({ id: '1', type: 'next' });
    socket.send({ id: '1', type: 'complete' });
    const input = { userId: colleague.id };
    await mutate(gateway, admin, { mutation: 'deleteUser', input, selected: '' });
    expect(await socket.closed).toMatchObject({ code: 4401 });
  });
});

test('a websocket of a viewer whose removal the node did not hear of is closed by the next check', async () => {
  const node = await startNodeOfTest({}, { connectionCheckIntervalMs: 20 });
  const { agent, colleague, bot, contact, otherContact } = await createOrganization(node);
  const gone = [await connect(node, colleague), await connect(node, bot), await connect(node, contact)];
  const stays = [await connect(node, agent), await connect(node, otherContact)];
  const removed = { data: { removedAt: new Date() } };
  await node.db.writes.user.update({ where: { id: colleague.id }, ...removed });
  await node.db.writes.bot.update({ where: { id: bot.id }, ...removed });
  await node.db.writes.contact.update({ where: { id: contact.id }, data: { blocked: true } });
  for (const socket of gone) expect(await socket.closed).toMatchObject({ code: 4401 });
  for (const socket of stays) {
    socket.send({ type: 'ping' });
    expect(await socket.next()).toEqual({ type: 'pong' });
  }
});
