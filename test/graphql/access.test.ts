import { type GraphQLObjectType, isEnumType, isNonNullType, isObjectType, isRequiredArgument } from 'graphql';
import { beforeAll, describe, expect, test } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';
import { type NodeType, newId } from '../../src/ids.ts';
import { createFullOrganization, type Objects, TEAM_ONLY_TEXT } from '../support/full-organization.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { openLiveSubscription } from '../support/live.ts';
import { createMutations, type Person, requireResult } from '../support/mutations.ts';
import { createOrganization } from '../support/organization.ts';
import { selectAll, selectionOf, teamFieldsOf } from '../support/selection.ts';

const NODE = schema.getType('Node');
const objects = Object.values(schema.getTypeMap()).filter(isObjectType);
const nodeTypes = objects.filter((type) => type.getInterfaces().some((one) => one === NODE));
const nodeNames = nodeTypes.map(({ name }) => name as NodeType);

let gateway: Gateway;
let organization: Awaited<ReturnType<typeof createFullOrganization>>;
let own: Objects;
let foreign: Objects;
let stranger: Person;

beforeAll(async () => {
  gateway = await startGateway();
  organization = await createFullOrganization(gateway);
  ({ own, foreign } = organization);
  stranger = (await createOrganization(gateway)).agent;
});

/** The object with this id as `node` and as `nodes` return it to this person; both must agree. */
async function look(person: Person, id: string): Promise<unknown> {
  const document =
    'query ($id: ID!) { one: node(id: $id) { __typename id } some: nodes(ids: [$id, $id]) { __typename id } }';
  const { data, errors } = await gateway.ask(person, document, { id });
  expect(errors).toBeUndefined();
  expect(data.some).toEqual([data.one, data.one]);
  return data.one;
}

async function askAbout(person: Person, id: string, type: GraphQLObjectType, fields: string) {
  const document = `query ($id: ID!) { node(id: $id) { __typename ... on ${type.name} { ${fields} } } }`;
  const { data, errors } = await gateway.ask(person, document, { id });
  expect(errors).toBeUndefined();
  const { __typename, ...values } = data.node;
  expect(__typename).toBe(type.name);
  return values as Record<string, unknown>;
}

function isNothing(value: unknown): boolean {
  return value === null || (Array.isArray(value) && value.length === 0);
}

test('the test data have an object of every Node type', () => {
  expect(nodeNames.filter((name) => !own[name] || !foreign[name])).toEqual([]);
  expect(nodeNames.length).toBeGreaterThanOrEqual(12);
});

describe.each(nodeNames)('%s', (name) => {
  test('is visible to the team by its id', async () => {
    for (const id of [own[name], foreign[name]]) {
      expect(await look(organization.agent, id)).toEqual({ __typename: name, id });
      expect(await look(organization.bot, id)).toEqual({ __typename: name, id });
    }
  });

  test('is null for another organization, like an unknown id', async () => {
    expect(await look(stranger, own[name])).toBeNull();
    expect(await look(stranger, newId(name))).toBeNull();
    expect(await look(organization.agent, newId(name))).toBeNull();
  });

  test('is null for a contact unless it belongs to one of their conversations', async () => {
    // Both contacts are of the same organization.
    const visible = { __typename: name, id: own[name] };
    expect(await look(organization.contact, own[name])).toEqual(visible);
    expect(await look(organization.contact, foreign[name])).toEqual(name === 'Organization' ? visible : null);
  });
});

test('a note, its attachments and its event are null for a contact', async () => {
  for (const id of [own.note, own.noteAttachment, own.noteEvent]) {
    expect(await look(organization.contact, id)).toBeNull();
    expect(await look(organization.agent, id)).not.toBeNull();
  }
});

describe('a team field is null or empty for a contact, and filled for the team', () => {
  const withTeamFields = objects.filter(
    (type) => type !== schema.getQueryType() && teamFieldsOf(type).length > 0,
  );
  const byId = withTeamFields.filter((type) => nodeTypes.includes(type));

  test.each(byId)('%s', async (type) => {
    const fields = teamFieldsOf(type);
    const document = fields.map((field) => selectionOf(field)).join(' ');
    const id = own[type.name as NodeType];
    const shown = await askAbout(organization.agent, id, type, document);
    // No object of the test data is removed, so removedAt is null for the team, too.
    const empty = fields.filter(({ name }) => isNothing(shown[name]) && name !== 'removedAt');
    expect(empty.map(({ name }) => name)).toEqual([]);

    const hidden = await askAbout(organization.contact, id, type, document);
    expect(Object.keys(hidden).sort()).toEqual(fields.map(({ name }) => name).sort());
    expect(Object.entries(hidden).filter(([, value]) => !isNothing(value))).toEqual([]);
  });

  test('Answer', async () => {
    const document = `query ($id: ID!) { conversation(id: $id) { answers { question ${internal()} } } }`;
    const answersFor = async (person: Person) =>
      (await gateway.ask(person, document, { id: own.Conversation })).data.conversation.answers;
    expect(await answersFor(organization.agent)).toEqual([
      { question: 'Open', internalLabel: TEAM_ONLY_TEXT },
    ]);
    expect(await answersFor(organization.contact)).toEqual([{ question: 'Open', internalLabel: null }]);
  });

  test('every other type with team fields is unreachable for a contact', () => {
    const reached = [...byId.map(({ name }) => name), 'Answer'];
    const others = withTeamFields.map(({ name }) => name).filter((name) => !reached.includes(name));
    // Conversation.members is itself a team field, and only the team can cause a ContactConflictError.
    expect(others.sort()).toEqual(['ContactConflictError', 'ConversationMember']);
  });

  function internal() {
    return teamFieldsOf(schema.getType('Answer') as GraphQLObjectType)
      .map(({ name }) => name)
      .join(' ');
  }
});

test.each([
  ['MessageAdded', 'messageAdded', 'PENDING'],
  ['ConversationChanged', 'conversationStatusChanged', 'RESOLVED'],
])(
  'the timeline entry of a %s is visible to a contact who receives the event',
  async (type, field, status) => {
    const query = `subscription { live: ${field} { __typename ... on ${type} { entry { __typename id } } } }`;
    const [forTeam, forContact] = [
      await openLiveSubscription(gateway, organization.agent, { query }),
      await openLiveSubscription(gateway, organization.contact, { query }),
    ];
    const changes = createMutations(gateway);
    const conversationId = own.Conversation;
    requireResult(await changes.setStatus(organization.agent, { conversationId, status }));
    requireResult(await changes.send(organization.agent, { conversationId, content: 'Hello' }));
    const received = await forContact.event();
    expect(received).toEqual(await forTeam.event());
    expect(received.entry).toEqual({ __typename: 'TimelineEvent', id: expect.stringMatching(/^EVT-/) });
  },
);

describe('a team field of Query is FORBIDDEN for a contact', () => {
  const fields = Object.values(schema.getQueryType()?.getFields() ?? {}).filter(
    ({ extensions }) => extensions.visibility === 'team',
  );

  test.each(fields)('$name', async (field) => {
    const document = `{ ${field.name}${exampleArguments(field.args.filter(isRequiredArgument))} { __typename } }`;
    const { data, errors } = await gateway.ask(organization.contact, document);
    expect(data).toEqual({ [field.name]: null });
    expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(['FORBIDDEN']);
    expect((await gateway.ask(organization.agent, document)).errors).toBeUndefined();
  });

  test('the list of these fields is complete', () => {
    expect(fields.map(({ name }) => name).sort()).toEqual(
      [
        'audiences',
        'bots',
        'channels',
        'contacts',
        'conversationByOrigin',
        'invitableUsers',
        'users',
        'websites',
      ].sort(),
    );
  });
});

test('no field reachable from the objects of a contact shows a value of the team or of another contact', async () => {
  const texts: string[] = [];
  for (const type of nodeTypes) {
    for (const field of Object.values(type.getFields())) {
      const id = own[type.name as NodeType];
      texts.push(JSON.stringify(await askAbout(organization.contact, id, type, selectAll([field], 2))));
    }
  }
  const text = texts.join('\n');
  expect(text).toContain(own.Message);
  for (const secret of [
    TEAM_ONLY_TEXT,
    own.note,
    own.noteAttachment,
    own.noteEvent,
    organization.otherContact.email ?? '',
  ]) {
    expect(text).not.toContain(secret);
  }
  const foreignIds = Object.values(foreign).filter((id) => id !== organization.id);
  expect(foreignIds.filter((id) => text.includes(id))).toEqual([]);
});

function exampleArguments(args: readonly { name: string; type: unknown }[]): string {
  const values = args.map(({ name, type }) => {
    const inner = isNonNullType(type) ? type.ofType : type;
    return `${name}: ${isEnumType(inner) ? inner.getValues()[0]?.name : '"x"'}`;
  });
  return values.length > 0 ? `(${values.join(', ')})` : '';
}
