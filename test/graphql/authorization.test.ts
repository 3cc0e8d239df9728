import {
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInputObjectType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql';
import { beforeAll, describe, expect, test } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';
import { type Crawl, crawl } from '../support/crawl.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import {
  createGuardedScene,
  DELETED_TEXT,
  type GuardedScene,
  type GuardedViewer,
  readRows,
  VIEWER_KINDS,
} from '../support/guarded-scene.ts';
import {
  documentFor,
  fieldOf,
  type IdPlace,
  idPlaces,
  requiredVariables,
  rootFields,
} from '../support/id-places.ts';
import { EXAMPLES } from '../support/mutation-examples.ts';
import { openConversation } from '../support/organization.ts';
import { findDifferences, replyTo, secretsIn } from '../support/probe.ts';

// Walks the whole schema as every kind of viewer: no answer contains what the viewer may not see, and no answer tells whether a forbidden
// object exists. Fields, arguments and mutations are taken from the schema, so that new ones are tested automatically.

const REFUSED = ['removed user', 'nobody'];
const INVALID = new Set<unknown>(['QUERY_TOO_COMPLEX', 'BAD_USER_INPUT']);

let gateway: Gateway;
let scene: GuardedScene;
/** An input of each mutation that is fine for the organization. */
const inputs: Record<string, object> = {};

beforeAll(async () => {
  gateway = await startGateway();
  scene = await createGuardedScene(gateway);
  const { home } = scene;
  for (const { name } of rootFields('mutation')) {
    const conversationId = await openConversation(gateway, home);
    const example = await EXAMPLES[name]?.({ gateway, organization: home, conversationId });
    inputs[name] = example?.input ?? { conversationId, activity: 'TYPING' };
  }
});

const viewerOf = (kind: string) => scene.viewers.find((viewer) => viewer.kind === kind) as GuardedViewer;

test('there is a viewer of each kind', () => {
  expect(scene.viewers.map(({ kind }) => kind)).toEqual(VIEWER_KINDS);
});

describe('what a viewer reaches has nothing that they may not see', () => {
  const crawls: Record<string, Crawl> = {};

  async function read(kind: string): Promise<Crawl> {
    crawls[kind] ??= await crawl(gateway, viewerOf(kind).person, samples(kind));
    return crawls[kind];
  }

  function samples(kind: string): object {
    const { own } = kind === 'agent of another organization' ? scene.alien : scene.home;
    return {
      id: own.Conversation,
      conversationId: own.Conversation,
      ids: Object.values(own).slice(0, 5),
      number: 1,
    };
  }

  test.each(VIEWER_KINDS)('%s', async (kind) => {
    const { texts, codes } = await read(kind);
    const { secrets } = viewerOf(kind);
    expect(texts.flatMap((text) => secretsIn(text, secrets).map((secret) => `${secret} in ${text}`))).toEqual(
      [],
    );
    expect(codes).not.toContain('INTERNAL_SERVER_ERROR');
  });

  test.each(REFUSED)('%s reaches nothing', async (kind) => {
    const { codes, fields } = await read(kind);
    expect([...fields]).toEqual([]);
    // Operations that no viewer could ask are refused before.
    expect([...codes].filter((code) => !INVALID.has(code))).toEqual(['UNAUTHENTICATED']);
  });

  test('every field that a query reaches was read', async () => {
    const { fields } = await read('agent');
    expect(reachableFields().filter((field) => !fields.has(field))).toEqual([]);
  });
});

/** Fields below Query without required arguments, as `Type.field`. */
function reachableFields(): string[] {
  const types = new Set([schema.getQueryType()]);
  for (const type of types) {
    for (const field of Object.values(type?.getFields() ?? {})) {
      const inner = getNamedType(field.type);
      if (!isCompositeType(inner)) continue;
      const members = isAbstractType(inner) ? schema.getPossibleTypes(inner) : [inner];
      for (const member of members) if (isObjectType(member)) types.add(member);
    }
  }
  types.delete(schema.getQueryType());
  return [...types].flatMap((type) =>
    Object.values(type?.getFields() ?? {})
      .filter((field) => !field.args.some(isRequiredArgument))
      .map((field) => `${type?.name}.${field.name}`),
  );
}

// A chat widget names its website and channel before its visitor has a conversation there: all contacts of the organization may.
const PUBLIC_PLACES = ['createConversation:input.channelId', 'createConversation:input.websiteId'];

describe('a forbidden id is answered like an id of nothing, with the same statements', () => {
  test.each(VIEWER_KINDS)('in queries, for %s', async (kind) => {
    const viewer = viewerOf(kind);
    const found: string[] = [];
    for (const place of idPlaces('query')) {
      found.push(...(await findDifferences(gateway, viewer, place, requiredVariables(place.field))));
    }
    expect(found).toEqual([]);
  });

  test.each(VIEWER_KINDS)('in mutations, for %s', async (kind) => {
    const viewer = viewerOf(kind);
    const before = await readRows(gateway, scene.alien.id);
    const found: string[] = [];
    for (const place of idPlaces('mutation')) {
      const asked =
        kind.includes('contact') && PUBLIC_PLACES.includes(place.name)
          ? { ...viewer, forbidden: viewerOf('agent').forbidden }
          : viewer;
      for (const input of inputsFor(place))
        found.push(...(await findDifferences(gateway, asked, place, { input })));
    }
    expect(found).toEqual([]);
    expect(await readRows(gateway, scene.alien.id)).toEqual(before);
  });
});

/** The whole example, and its required fields alone: optional ones may exclude the id. */
function inputsFor({ field, path: [, name = ''] }: IdPlace): object[] {
  const input = inputs[field.name] ?? {};
  const type = field.args[0] ? getNamedType(field.args[0].type) : undefined;
  const fields = isInputObjectType(type) ? type.getFields() : {};
  const required = Object.entries(input).filter(([key]) => {
    const declared = fields[key];
    return declared !== undefined && isRequiredInputField(declared);
  });
  return name in Object.fromEntries(required) ? [input] : [input, Object.fromEntries(required)];
}

describe('what an object could be found by is answered as if there were none', () => {
  const LOOKUPS: Record<string, (hidden: Hidden) => [field: string, forbidden: object, unknown: object]> = {
    'a number': ({ number }) => ['conversationByNumber', { number }, { number: 999_999 }],
    'a publicId': ({ publicId }) => ['conversationByPublicId', { publicId }, { publicId: 'nothing' }],
    'an origin': ({ originExternalId }) => [
      'conversationByOrigin',
      toOrigin(originExternalId),
      toOrigin('nothing'),
    ],
    'a text': () => ['conversations', { filter: { text: 'SECRET' } }, { filter: { text: 'nothing' } }],
    'a deleted text': () => [
      'conversations',
      { filter: { text: DELETED_TEXT } },
      { filter: { text: 'nothing' } },
    ],
    'a label': () => [
      'conversations',
      { filter: { labels: ['SECRET'] } },
      { filter: { labels: ['nothing'] } },
    ],
    'an address': () => ['contacts', { query: 'emil@example.org' }, { query: 'none@example.org' }],
  };

  test.each(Object.keys(LOOKUPS))('%s', async (what) => {
    const where = { id: scene.home.foreign.Conversation };
    const hidden = await gateway.db.reads.conversation.findUniqueOrThrow({ where });
    const [name, forbidden, unknown] = LOOKUPS[what]?.(hidden) ?? [];
    const query = documentFor('query', fieldOf('query', name), 1);
    for (const kind of ['contact', 'blocked contact']) {
      const { person } = viewerOf(kind);
      const nothing = await replyTo(gateway, person, { query, variables: unknown ?? {} });
      expect(await replyTo(gateway, person, { query, variables: forbidden ?? {} }), kind).toEqual(nothing);
    }
  });

  interface Hidden {
    number: number | null;
    publicId: string;
    originExternalId: string | null;
  }

  function toOrigin(externalId: string | null) {
    return { system: 'CHATWOOT', account: 'SECRET', externalId };
  }
});

test('a deleted text is found by no search', async () => {
  const query = documentFor(
    'query',
    rootFields('query').find(({ name }) => name === 'conversations') as never,
    0,
  );
  for (const kind of ['agent', 'contact']) {
    const { data } = await gateway.ask(viewerOf(kind).person, query, { filter: { text: DELETED_TEXT } });
    expect(data.it.totalCount).toBe(0);
  }
});

test('the test data have a forbidden object of every type for a contact and for the team', () => {
  const types = [...new Set(idPlaces('query').flatMap((place) => place.types))];
  for (const kind of ['agent', 'contact', 'blocked contact', 'agent of another organization']) {
    const { forbidden } = viewerOf(kind);
    expect(types.filter((type) => !forbidden[type]?.length)).toEqual([]);
  }
});

test('each mutation has an example', () => {
  const missing = rootFields('mutation').filter(({ name }) => !EXAMPLES[name] && name !== 'setActivity');
  expect(missing.map(({ name }) => name)).toEqual([]);
});
