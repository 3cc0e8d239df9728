import { beforeAll, beforeEach, expect, test } from 'vitest';
import { type Gateway, startGateway } from '../support/gateway.ts';
import {
  type LiveEvent,
  MESSAGES,
  openLiveSubscription,
  openSubscription,
  TRANSPORTS,
} from '../support/live.ts';
import { createMutations, type Mutations, type Person, requireResult } from '../support/mutations.ts';
import { createOrganization, openConversation, type TestOrganization } from '../support/organization.ts';
import { connect } from '../support/socket.ts';

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

const say = async (content: string) =>
  requireResult(await changes.send(organization.agent, { conversationId, content }));

async function mutate(mutation: string, input: object) {
  const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input!`;
  const document = `mutation ($input: ${type}) { changed: ${mutation}(input: $input) { __typename ... on UserError { message } } }`;
  const { data, errors } = await gateway.ask(organization.admin, document, { input });
  if (data?.changed?.message || !data?.changed) throw new Error(JSON.stringify(data?.changed ?? errors));
}

interface Loss {
  title: string;
  personOf: (organization: TestOrganization) => Person;
  revoke: () => Promise<void>;
  /** Close code of the next connection. */
  refusal: number;
}

const LOSSES: Loss[] = [
  {
    title: 'a user who was deleted',
    personOf: ({ colleague }) => colleague,
    revoke: () => mutate('deleteUser', { userId: organization.colleague.id }),
    refusal: 4403,
  },
  {
    title: 'a bot that was deleted',
    personOf: ({ bot }) => bot,
    revoke: () => mutate('deleteBot', { botId: organization.bot.id }),
    refusal: 4403,
  },
  {
    title: 'a contact who was blocked',
    personOf: ({ contact }) => contact,
    revoke: () => mutate('setContactBlocked', { contactId: organization.contact.id, blocked: true }),
    refusal: 4401,
  },
];

for (const { title, personOf, revoke, refusal } of LOSSES) {
  for (const transport of TRANSPORTS) {
    test(`${title} is sent earlier events, then FORBIDDEN, and nothing more (${transport})`, async () => {
      const person = personOf(organization);
      const live = await openLiveSubscription(gateway, person, { transport });
      const stays = await openLiveSubscription(gateway, organization.agent, { transport });
      await say('before');
      await revoke();
      await say('after');
      expect(await live.event()).toMatchObject({ message: { content: 'before' } });
      expect((await live.next()).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
      await live.ended;
      expect([await stays.event(), await stays.event()].map(({ message }) => message?.content)).toEqual([
        'before',
        'after',
      ]);
    });
  }

  test(`the websocket of ${title} is closed with 4401, after which the official client does not reconnect`, async () => {
    const socket = await connect(gateway, personOf(organization));
    socket.send({ id: '1', type: 'subscribe', payload: { query: MESSAGES } });
    const { payload } = await socket.next();
    expect((payload as { data: { live: LiveEvent } }).data.live.__typename).toBe('CaughtUp');
    await revoke();
    expect(await socket.next()).toMatchObject({ id: '1', type: 'error' });
    expect(await socket.closed).toMatchObject({ code: 4401 });
  });

  test(`${title} can not resume`, async () => {
    const person = personOf(organization);
    const before = await openLiveSubscription(gateway, person);
    await say('seen');
    const { cursor } = await before.next();
    await revoke();
    await say('missed');
    await before.ended;
    const live = await openSubscription(gateway, person, { after: cursor });
    const answer = await live.next().then(
      ({ errors }) => errors[0]?.extensions?.code,
      (closed: { code?: number }) => closed.code,
    );
    expect(answer).toBe(refusal);
  });
}
