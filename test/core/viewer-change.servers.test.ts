import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { type Gateway, startGateways } from '../support/gateway.ts';
import { mutate } from '../support/mutate.ts';
import type { Person } from '../support/mutations.ts';
import { createOrganization, type TestOrganization } from '../support/organization.ts';
import { connect } from '../support/socket.ts';

let near: Gateway;
let far: Gateway;
let organization: TestOrganization;

beforeAll(async () => {
  [near, far] = (await startGateways(2)) as [Gateway, Gateway];
});

beforeEach(async () => {
  organization = await createOrganization(near);
  // The clock stands still, so that nothing is forgotten because of its age.
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
});

afterEach(() => {
  vi.useRealTimers();
});

/** Error code of an operation on the other node, which follows no log; undefined when it is allowed. */
async function codeOn(gateway: Gateway, person: Person, query: string) {
  return (await gateway.ask(person, query)).errors?.[0]?.extensions?.code;
}

const WHO = '{ viewer { identity { id } } }';
const LIST = '{ conversations(first: 1) { totalCount } }';
const CREATE = 'mutation { createBot(input: { name: "Robo" }) { __typename } }';

const LOSSES: [string, (it: TestOrganization) => [Person, string, object], string, string][] = [
  [
    'a removed user',
    ({ colleague }) => [colleague, 'deleteUser', { userId: colleague.id }],
    WHO,
    'UNAUTHENTICATED',
  ],
  ['a removed bot', ({ bot }) => [bot, 'deleteBot', { botId: bot.id }], WHO, 'UNAUTHENTICATED'],
  [
    'a demoted administrator',
    ({ colleague }) => [colleague, 'updateUser', { userId: colleague.id, role: 'AGENT' }],
    CREATE,
    'FORBIDDEN',
  ],
  [
    'a blocked contact',
    ({ contact }) => [contact, 'setContactBlocked', { contactId: contact.id, blocked: true }],
    LIST,
    'FORBIDDEN',
  ],
];

test.each(LOSSES)('%s loses access on every node at once', async (_title, pick, query, code) => {
  const [person, mutation, input] = pick(organization);
  const where = { id: organization.colleague.id };
  await near.db.writes.user.update({ where, data: { role: 'ADMIN' } });
  expect(await codeOn(far, person, query)).toBeUndefined();
  const { result } = await mutate(near, organization.admin, { mutation, input, selected: '' });
  expect(result).not.toHaveProperty('message');
  await expect.poll(() => codeOn(far, person, query)).toBe(code);
});

test.each(LOSSES.filter(([title]) => !title.includes('demoted')))(
  'the websocket of %s on another node is closed, although nobody subscribes there',
  async (_title, pick) => {
    const [person, mutation, input] = pick(organization);
    const socket = await connect(far, person);
    await mutate(near, organization.admin, { mutation, input, selected: '' });
    expect(await socket.closed).toMatchObject({ code: 4401 });
  },
);
