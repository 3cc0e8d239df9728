import { isInputObjectType } from 'graphql';
import { beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { applyTo, keepLive } from '../../examples/live-list.ts';
import { schema } from '../../src/graphql/schema.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { socketClient } from '../support/live.ts';
import type { Person } from '../support/mutations.ts';
import { createChance } from '../support/random.ts';
import { createChanger, createWorld, type World } from '../support/random-change.ts';
import { type Filter, filtersFor, PERSONAL, valuesOf } from '../support/random-filter.ts';
import { chooseSeeds } from '../support/seeds.ts';

const SEEDS = chooseSeeds([20_261_121]);
const ROUNDS = 5;
const CHANGES_PER_ROUND = 12;

const INBOX = `subscription ($filter: ConversationFilter, $after: String) { inbox(filter: $filter, after: $after) { __typename
  ... on ConversationCreated { conversation { id } } ... on ConversationEntered { conversation { id } } ... on ConversationLeft { conversationId }
  ... on ConversationDeleted { conversationId } ... on ConversationChanged { conversation { id } } ... on ConversationRead { conversation { id } }
  ... on MessageAdded { message { conversation { id } } } ... on MessageChanged { message { id } } ... on ContactChanged { contact { id } }
  ... on ResetRequired { reason } } }`;

type Row = { id: string };
type Event = Parameters<typeof applyTo<Row>>[1];
type Client = ReturnType<typeof socketClient>;

/** A viewer's live list, with the rows that result from its events. */
interface View {
  viewer: Person;
  client: Client;
  filter: Filter;
  rows: Map<string, Row>;
}

/** Result of the list's query, with the stream cursor of that moment. */
interface Loaded {
  ids: string[];
  cursor: string;
}

let gateway: Gateway;
let world: World;

beforeAll(async () => {
  gateway = await startGateway();
});

beforeEach(async () => {
  world = await createWorld(gateway);
});

test('the random filters use every condition of ConversationFilter', () => {
  const input = schema.getType('ConversationFilter');
  const names = isInputObjectType(input) ? Object.keys(input.getFields()) : [];
  expect(Object.keys(valuesOf(world, createChance(1))).sort()).toEqual(names.sort());
});

test.each(SEEDS)(
  'a list that is kept by its events equals the query, live and after catching up (HISTORY_SEED=%i)',
  async (seed) => {
    const chance = createChance(seed);
    const change = createChanger(gateway, world, chance);
    const views = await openViews(chance);
    for (const view of views) keep(view);

    let earlier = await load(views);
    for (let round = 0; round < ROUNDS; round++) {
      for (let done = 0; done < CHANGES_PER_ROUND; done += 3)
        await Promise.all([change(), change(), change()]);
      const now = await load(views);
      // Polled with a new query each time, because snoozed conversations reopen by themselves.
      const isRight = (rows: () => string[][] | Promise<string[][]>) =>
        expect
          .poll(async () => differences(views, await rows(), await load(views)), {
            message: `round ${round}`,
            interval: 250,
            timeout: 30_000,
          })
          .toEqual([]);
      await isRight(() => views.map(({ rows }) => [...rows.keys()]));
      await isRight(() => Promise.all(views.map((view, index) => catchUp(view, earlier[index] as Loaded))));
      // In other rounds, catching up begins further back.
      if (round % 3 === 2) earlier = now;
    }
  },
  300_000,
);

async function openViews(chance: ReturnType<typeof createChance>): Promise<View[]> {
  const values = valuesOf(world, chance);
  const { agent, colleague, bot, contact, contacts } = world;
  const [, , loner] = contacts;
  const watched: [viewer: Person, options: Parameters<typeof filtersFor>[2]][] = [
    [agent, { isContact: false, mixed: 20 }],
    // Filters that do not name the viewer give the same list to the whole team.
    [colleague, { isContact: false, only: PERSONAL, mixed: 8 }],
    [bot, { isContact: false, only: PERSONAL, mixed: 4 }],
    [contact, { isContact: true, mixed: 10 }],
    [loner, { isContact: true, only: ['text', 'isUnread'], mixed: 4 }],
  ];
  const views: View[] = [];
  for (const [viewer, options] of watched) {
    const client = socketClient(gateway.url, `Bearer ${await gateway.tokenFor(viewer)}`);
    onTestFinished(async () => client.dispose());
    for (const filter of [{}, ...filtersFor(values, chance, options)]) {
      views.push({ viewer, client, filter, rows: new Map() });
    }
  }
  return views;
}

/** Queries the lists, with one operation per viewer. */
async function load(views: readonly View[]): Promise<Loaded[]> {
  const loaded = new Map<View, Loaded>();
  for (const viewer of new Set(views.map((view) => view.viewer))) {
    const own = views.filter((view) => view.viewer === viewer);
    const variables = own.map((_, index) => `$f${index}: ConversationFilter`);
    const lists = own.map(
      (_, index) => `v${index}: conversations(first: 100, filter: $f${index}) { nodes { id } }`,
    );
    const filters = Object.fromEntries(own.map(({ filter }, index) => [`f${index}`, filter]));
    const query = `query (${variables.join(', ')}) { streamCursor ${lists.join(' ')} }`;
    const { data, errors } = await gateway.ask(viewer, query, filters);
    if (!data || errors) throw new Error(JSON.stringify(errors));
    for (const [index, view] of own.entries()) {
      const ids: string[] = data[`v${index}`].nodes.map(({ id }: Row) => id);
      loaded.set(view, { ids, cursor: data.streamCursor });
    }
  }
  return views.map((view) => loaded.get(view) as Loaded);
}

/** Keeps the rows of a list by its events, as a page does. */
function keep(view: View) {
  onTestFinished(
    keepLive<Event>(view.client, {
      ...{ query: INBOX, variables: { filter: view.filter } },
      async load() {
        const [{ ids, cursor }] = (await load([view])) as [Loaded];
        fill(view.rows, ids);
        return cursor;
      },
      onEvent: (event) => applyTo(view.rows, event),
      onEnd: (reason) => expect(reason).toBeUndefined(),
    }),
  );
}

/** The rows after catching up from an earlier query. */
async function catchUp(view: View, from: Loaded): Promise<string[]> {
  const rows = new Map<string, Row>();
  fill(rows, from.ids);
  const variables = { filter: view.filter, after: from.cursor };
  for await (const { data } of view.client.iterate<{ inbox: Event }>({ query: INBOX, variables })) {
    if (data?.inbox.__typename === 'CaughtUp') break;
    if (data?.inbox.__typename === 'ResetRequired') return ((await load([view])) as [Loaded])[0].ids;
    if (data) applyTo(rows, data.inbox);
  }
  return [...rows.keys()];
}

function fill(rows: Map<string, Row>, ids: string[]) {
  rows.clear();
  for (const id of ids) rows.set(id, { id });
}

/** Lists that differ from the query, with the ids that are superfluous and missing. */
function differences(views: readonly View[], lists: readonly string[][], loaded: readonly Loaded[]) {
  return views.flatMap(({ viewer, filter }, index) => {
    const [actual, expected] = [lists[index] ?? [], loaded[index]?.ids ?? []];
    const superfluous = actual.filter((id) => !expected.includes(id));
    const missing = expected.filter((id) => !actual.includes(id));
    return superfluous.length + missing.length > 0
      ? [{ viewer: viewer.id, filter, superfluous, missing }]
      : [];
  });
}
