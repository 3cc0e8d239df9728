import { beforeAll, describe, expect, test } from 'vitest';
import { LIMITS } from '../../src/limits.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { openSubscription } from '../support/live.ts';
import { createOrganization, openConversation, type TestOrganization } from '../support/organization.ts';
import { refusalOf } from '../support/refusal.ts';
import { times } from '../support/times.ts';

// The database looks for each search word in every text: their number is limited wherever there is a search.

const INBOX = 'subscription ($text: String) { live: inbox(filter: { text: $text }) { __typename } }';
const SEARCHES = {
  'filter.text':
    'query ($text: String) { conversations(filter: { text: $text }) { nodes { id } totalCount } }',
  'contacts.query': 'query ($text: String) { contacts(query: $text) { nodes { id } } }',
  'invitableUsers.query':
    'query ($text: String, $id: ID!) { invitableUsers(conversationId: $id, query: $text) { id } }',
};

let gateway: Gateway;
let organization: TestOrganization;
let id: string;

beforeAll(async () => {
  gateway = await startGateway();
  organization = await createOrganization(gateway);
  id = await openConversation(gateway, organization);
});

const words = (count: number) => times(count, (index) => `w${index}`).join(' \n ');

describe.each(Object.entries(SEARCHES))('%s', (name, query) => {
  const argument = name.replace('contacts.', '').replace('invitableUsers.', '');

  test(`takes ${LIMITS.filterWords} different words`, async () => {
    const text = `${words(LIMITS.filterWords)} w0 w0 w1`;
    const { errors, data } = await gateway.ask(organization.agent, query, { text, id });
    expect(errors).toBeUndefined();
    expect(Object.values(data)).not.toContain(null);
  });

  test('refuses one more, before any statement', async () => {
    await gateway.ask(organization.agent, '{ viewer { __typename } }');
    gateway.statements();
    const text = words(LIMITS.filterWords + 1);
    const { errors } = await gateway.ask(organization.agent, query, { text, id });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument } }]);
    expect(errors?.[0]?.message).toMatch(/has 11 words; at most 10 are allowed/);
    expect(gateway.statements().filter((sql) => sql.includes('ILIKE'))).toEqual([]);
  });
});

test.each(['agent', 'contact'] as const)('a live list of the %s refuses more words', async (who) => {
  const live = await openSubscription(gateway, organization[who], {
    query: INBOX,
    ...{ text: words(LIMITS.filterWords + 1) },
  });
  const { errors } = await live.next();
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument: 'filter.text' } }]);
});

test('the refusal reveals nothing of the implementation', async () => {
  const { code } = await refusalOf(gateway, organization.contact, SEARCHES['filter.text'], {
    text: words(90),
  });
  expect(code).toBe('BAD_USER_INPUT');
});
