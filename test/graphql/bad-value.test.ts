import { beforeAll, describe, expect, test } from 'vitest';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { insideOf, post } from '../support/http.ts';
import { createOrganization, type TestOrganization } from '../support/organization.ts';
import { refusalOf } from '../support/refusal.ts';

// Values of the wrong type: the error names the place and the expected type.

let gateway: Gateway;
let organization: TestOrganization;
let authorization: string;

beforeAll(async () => {
  gateway = await startGateway();
  organization = await createOrganization(gateway);
  authorization = `Bearer ${await gateway.tokenFor(organization.agent)}`;
});

const LIST = 'query ($filter: ConversationFilter) { conversations(filter: $filter) { totalCount } }';
const RENAME =
  'mutation ($input: RenameConversationInput!) { renameConversation(input: $input) { __typename } }';

describe('a wrong value in a filter is BAD_USER_INPUT with its path', () => {
  test.each([
    [
      'an unknown enum value',
      'status[0]',
      { status: ['OPENED'] },
      '"OPENED" does not exist in "ConversationStatus"',
    ],
    [
      'a string that is no time',
      'createdAfter',
      { createdAfter: 'yesterday' },
      'Expected a time as RFC 3339',
    ],
    ['a number for a time', 'createdAfter', { createdAfter: 5 }, 'Expected a time as RFC 3339'],
    ['a day without a time', 'createdAfter', { createdAfter: '2026-01-01' }, 'Expected a time as RFC 3339'],
    [
      'a day that does not exist',
      'createdBefore',
      { createdBefore: '2026-02-30T00:00:00Z' },
      'Expected a time as RFC 3339',
    ],
    ['the year 0', 'updatedAfter', { updatedAfter: '0000-01-01T00:00:00Z' }, 'Expected a time as RFC 3339'],
    [
      'a year before 1 in UTC',
      'updatedAfter',
      { updatedAfter: '0001-01-01T00:00:00+10:00' },
      'Expected a time as RFC 3339',
    ],
    [
      'a year after 9999 in UTC',
      'updatedAfter',
      { updatedAfter: '9999-12-31T23:59:59-23:00' },
      'Expected a time as RFC 3339',
    ],
    ['a string for a boolean', 'isUnread', { isUnread: 'yes' }, 'Boolean cannot represent'],
  ])('%s', async (_name, place, filter, expected) => {
    const { code, message } = await refusalOf(gateway, organization.agent, LIST, { filter });
    expect(code).toBe('BAD_USER_INPUT');
    expect(message).toContain(`"filter.${place}"`);
    expect(message).toContain(expected);
  });

  test('an id of another type', async () => {
    const { agent, contact } = organization;
    for (const [name, id, prefix] of [
      ['ownerId', contact.id, 'USR-'],
      ['memberId', 'x', 'USR-'],
      ['mentions', '', 'USR-'],
      ['contactId', agent.id, 'CTC-'],
      ['botId', agent.id, 'BOT-'],
      ['websiteId', agent.id, 'WEB-'],
      ['audienceId', agent.id, 'AUD-'],
      ['channelId', agent.id, 'CHN-'],
      ['businessUnitId', agent.id, 'BUN-'],
    ] as const) {
      const refusal = await refusalOf(gateway, agent, LIST, { filter: { [name]: [id] } });
      expect(refusal).toMatchObject({ argument: `filter.${name}`, message: expect.stringContaining(prefix) });
    }
  });

  test('too many values, or a text that is too long', async () => {
    for (const [filter, argument, limit] of [
      [{ text: 'x'.repeat(201) }, 'filter.text', '200'],
      [{ labels: Array(101).fill('x') }, 'filter.labels', '100'],
      [{ status: Array(101).fill('OPEN') }, 'filter.status', '100'],
    ] as const) {
      const refusal = await refusalOf(gateway, organization.agent, LIST, { filter });
      expect(refusal).toMatchObject({
        code: 'BAD_USER_INPUT',
        argument,
        message: expect.stringContaining(limit),
      });
    }
  });
});

describe('a wrong value in the input of a mutation is BAD_USER_INPUT with its path', () => {
  const fine = { conversationId: 'CVR-1', name: 'x' };

  test.each([
    [
      'an integer that is too large',
      '"input.expectedVersion"',
      { ...fine, expectedVersion: 2_147_483_648 },
      'non 32-bit signed integer',
    ],
    [
      'an integer that is much too large',
      '"input.expectedVersion"',
      { ...fine, expectedVersion: 1e300 },
      'non 32-bit signed integer',
    ],
    [
      'a fraction for an integer',
      '"input.expectedVersion"',
      { ...fine, expectedVersion: 1.5 },
      'non-integer',
    ],
    [
      'a number for a string',
      '"input.name"',
      { ...fine, name: 5 },
      'String cannot represent a non string value: 5',
    ],
    [
      'a list for a string',
      '"input.name"',
      { ...fine, name: ['x'] },
      'String cannot represent a non string value',
    ],
    [
      'an object for an id',
      '"input.conversationId"',
      { ...fine, conversationId: {} },
      'ID cannot represent value',
    ],
    ['null for a required field', '"input.name"', { ...fine, name: null }, '"String!" not to be null'],
    [
      'a missing required field',
      '"$input"',
      { conversationId: 'CVR-1' },
      'Field "name" of required type "String!"',
    ],
    ['an unknown field', '"$input"', { ...fine, color: 'red' }, 'Field "color" is not defined'],
    ['null for the input', '"$input"', null, '"RenameConversationInput!" must not be null'],
  ])('%s', async (_name, place, input, expected) => {
    const { code, message } = await refusalOf(gateway, organization.agent, RENAME, { input });
    expect(code).toBe('BAD_USER_INPUT');
    expect(message).toContain(place);
    expect(message).toContain(expected);
  });
});

describe('a wrong value in the document', () => {
  test.each([
    '{ status: [OPENED] }',
    '{ createdAfter: "yesterday" }',
    '{ isUnread: 5 }',
    '{ text: 5 }',
    '{ color: "red" }',
  ])('%s is an error with its location', async (filter) => {
    const body = JSON.stringify({ query: `{ conversations(filter: ${filter}) { totalCount } }` });
    const { errors, text } = await post(gateway, body, { authorization });
    expect(insideOf(text)).toBeNull();
    expect(errors).toMatchObject([
      { locations: [{ line: 1 }], extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
    ]);
  });

  test('null for a variable with a default value is an error of the field', async () => {
    const body = JSON.stringify({
      query: 'query ($id: ID = "CVR-1") { node(id: $id) { id } }',
      variables: { id: null },
    });
    const { errors, data } = await post(gateway, body, { authorization });
    expect(data).toEqual({ node: null });
    expect(errors).toMatchObject([
      {
        path: ['node'],
        message: expect.stringContaining('Argument "id"'),
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ]);
  });

  test('more ids than `nodes` accepts is an error with the limit', async () => {
    const body = JSON.stringify({
      query: 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }',
      variables: { ids: Array(101).fill('x') },
    });
    const { errors } = await post(gateway, body, { authorization });
    expect(errors).toMatchObject([
      { message: 'ids: has 101 ids; at most 100 are allowed.', extensions: { argument: 'ids' } },
    ]);
  });
});
