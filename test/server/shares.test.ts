import { describe, expect, test } from 'vitest';
import type { Gateway } from '../support/gateway.ts';
import { prepareLimitedGateways, request } from '../support/limited-gateway.ts';
import { openLiveSubscription } from '../support/live.ts';
import { createMutations, type Person, requireResult } from '../support/mutations.ts';
import { openConversation, type TestOrganization } from '../support/organization.ts';
import { times } from '../support/times.ts';

// Shares of addresses, viewers and organizations in operations. Each test has a gateway of its own, whose limits are small.

const LIST = '{ conversations(first: 20) { totalCount nodes { id name } } }';

const start = prepareLimitedGateways();

const statusesOf = (responses: Response[]) => responses.map(({ status }) => status);

describe('operations over HTTP', () => {
  test.each([
    ['the fast path', {}],
    ['Yoga', { accept: 'application/graphql-response+json;q=0.9, application/json;q=0.8' }],
  ])('%s: beyond the limit the answer is 429, with the seconds to wait', async (_name, headers) => {
    const { gateway, organization } = await start('contact.operations=2');
    const { contact, otherContact, agent } = organization;
    for (const _ of times(2, String)) {
      expect((await request(gateway, contact, { headers })).status).toBe(200);
    }
    gateway.statements();
    const refused = await request(gateway, contact, {
      headers: { ...headers, origin: 'https://shop.example' },
    });
    expect(refused.status).toBe(429);
    const seconds = Number(refused.headers.get('retry-after'));
    expect(seconds).toBeGreaterThanOrEqual(1);
    expect(seconds).toBeLessThanOrEqual(10);
    expect(refused.headers.get('access-control-allow-origin')).not.toBeNull();
    expect(await refused.json()).toEqual({
      errors: [
        {
          message: `Too many operations in a short time. Try again in ${seconds} s.`,
          extensions: { code: 'RATE_LIMITED', retryAfter: seconds },
        },
      ],
    });
    expect(gateway.statements()).toEqual([]);
    const others = [await request(gateway, otherContact), await request(gateway, agent)];
    expect(statusesOf(others)).toEqual([200, 200]);
  });

  test('the contacts of an organization together can not take what its team needs', async () => {
    const { gateway, organization } = await start('contacts.operations=2');
    const { contact, otherContact, agent } = organization;
    await request(gateway, contact);
    await request(gateway, otherContact);
    const answers = [await request(gateway, contact), await request(gateway, agent)];
    expect(statusesOf(answers)).toEqual([429, 200]);
  });

  test('without a token, the address is counted', async () => {
    const { gateway, organization } = await start('address.operations=2');
    const anonymous = [];
    for (const _ of times(3, String))
      anonymous.push(await request(gateway, null, { query: '{ __typename }' }));
    expect(statusesOf(anonymous)).toEqual([200, 200, 429]);
    expect((await request(gateway, organization.agent)).status).toBe(200);
  });

  test('tokens that can not be used are counted for the address, and leave those with a good one alone', async () => {
    const { gateway, organization } = await start('address.failures=2');
    const bad = [];
    for (const _ of times(3, String)) {
      bad.push(await request(gateway, null, { headers: { authorization: 'Bearer x.y.z' } }));
    }
    expect(statusesOf(bad)).toEqual([401, 401, 429]);
    expect((await request(gateway, organization.contact)).status).toBe(200);
  });
});

describe('addresses behind a proxy', () => {
  const ask = (gateway: Gateway, forwarded: string) =>
    request(gateway, null, { query: '{ __typename }', headers: { 'x-forwarded-for': forwarded } });

  test('are told apart when the proxy is trusted', async () => {
    const { gateway } = await start('address.operations=1', { TRUST_PROXY: '1' });
    const answers = [
      await ask(gateway, '203.0.113.1'),
      await ask(gateway, '203.0.113.2'),
      await ask(gateway, '198.51.100.9, 203.0.113.1'),
    ];
    expect(statusesOf(answers)).toEqual([200, 200, 429]);
  });

  test('are the client’s own word otherwise, and do not count', async () => {
    const { gateway } = await start('address.operations=1');
    const answers = [await ask(gateway, '203.0.113.1'), await ask(gateway, '203.0.113.2')];
    expect(statusesOf(answers)).toEqual([200, 429]);
  });
});

describe('cost and changes', () => {
  test('an operation that costs more than is left is refused before it reads anything', async () => {
    const { gateway, organization } = await start('contact.cost=50');
    const { contact, agent } = organization;
    expect((await request(gateway, contact)).status).toBe(200);
    gateway.statements();
    const { errors, status } = await gateway.ask(contact, LIST);
    expect({ errors, status }).toMatchObject({
      errors: [
        {
          message: expect.stringMatching(/^Too many complexity points/),
          extensions: { code: 'RATE_LIMITED' },
        },
      ],
      status: 429,
    });
    expect(gateway.statements()).toEqual([]);
    // The refused one is not counted.
    expect((await request(gateway, contact)).status).toBe(200);
    expect((await request(gateway, agent, { query: LIST })).status).toBe(200);
  });

  test("a contact's events cost them, and their subscriptions end when too many come", async () => {
    const { gateway, organization } = await start('contact.cost=200');
    const { contact, agent } = organization;
    const conversationId = await openConversation(gateway, organization);
    const live = await openLiveSubscription(gateway, contact);
    const ofTeam = await openLiveSubscription(gateway, agent);
    const changes = createMutations(gateway);
    for (const content of times(30, String)) {
      requireResult(await changes.send(agent, { conversationId, content }));
    }
    let [frame, delivered] = [await live.next(), 0];
    for (; frame.errors.length === 0; delivered++) frame = await live.next();
    expect(frame.errors).toMatchObject([
      { extensions: { code: 'RATE_LIMITED', retryAfter: expect.any(Number) } },
    ]);
    expect(delivered).toBeLessThan(30);
    for (const content of times(30, String)) {
      expect(await ofTeam.event()).toMatchObject({ message: { content } });
    }
  });

  test('the mutations of one operation count each', async () => {
    const { gateway, organization } = await start('user.mutations=3');
    const conversationId = await openConversation(gateway, organization);
    const rename = (name: string) =>
      `${name}: renameConversation(input: { conversationId: "${conversationId}", name: "${name}" }) { __typename }`;
    const { data, errors } = await gateway.ask(
      organization.agent,
      `mutation { ${['a', 'b', 'c'].map(rename).join(' ')} }`,
    );
    expect(data).toMatchObject({
      a: { __typename: 'Conversation' },
      b: { __typename: 'Conversation' },
      c: null,
    });
    expect(errors).toMatchObject([{ path: ['c'], extensions: { code: 'RATE_LIMITED' } }]);
    const { name } = await createMutations(gateway).read(organization.agent, conversationId);
    expect(name).toBe('b');
  });

  test('a contact opens few conversations in an hour', async () => {
    const { gateway, organization } = await start('contact.conversations=2');
    const { contact, channel, agent } = organization;
    const open = (person: Person) =>
      gateway.ask(
        person,
        'mutation ($input: CreateConversationInput!) { createConversation(input: $input) { __typename } }',
        { input: { channelId: channel.id, ...(person === contact ? {} : { contactId: contact.id }) } },
      );
    for (const _ of times(2, String)) await open(contact);
    const { errors } = await open(contact);
    expect(errors).toMatchObject([{ extensions: { code: 'RATE_LIMITED' } }]);
    expect(Number(errors?.[0]?.extensions?.retryAfter)).toBeGreaterThan(3_000);
    expect((await open(agent)).errors).toBeUndefined();
  });
});

describe('the defaults', () => {
  let organization: TestOrganization;

  test('refuse a contact who asks 20 times a second, and not one who works in a chat window', async () => {
    const { gateway, ...made } = await start('1x');
    organization = made.organization;
    const { contact, otherContact } = organization;
    const conversationId = await openConversation(gateway, organization, { contactId: otherContact.id });
    const changes = createMutations(gateway);
    for (const number of times(10, String)) {
      requireResult(await changes.send(otherContact, { conversationId, content: number }));
      expect((await gateway.ask(otherContact, LIST)).errors).toBeUndefined();
    }
    const statuses = statusesOf(await Promise.all(times(300, () => request(gateway, contact))));
    expect(statuses.filter((status) => status === 200)).toHaveLength(200);
    expect(statuses.filter((status) => status === 429)).toHaveLength(100);
  });
});
