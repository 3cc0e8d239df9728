import { isInputObjectType } from 'graphql';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { applyTo, keepLive } from '../../examples/live-list.ts';
import { schema } from '../../src/graphql/schema.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { socketClient } from '../support/live.ts';
import type { Person } from '../support/mutations.ts';
import { createChance } from '../support/random.ts';
import { createChanger, createWorld, type World } from '../support/random-change.ts';
import { type Filter, filtersFor, PERSONAL, valuesOf } from '../support/random-filter.ts';

const SEED = Number(process.env.TEST_SEED ?? 20_261_121);
const ROUNDS = Number(process.env.TEST_ROUNDS ?? 5);
const CHANGES_A_ROUND = 12;

const INBOX = `subscription ($filter: ConversationFilter, $after: String) { inbox(filter: $filter, after: $after) { __typename
  ... on ConversationCreated { conversation { id } } ... on ConversationEntered { conversation { id } } ... on ConversationLeft { conversationId }
  ... on ConversationDeleted { conversationId } ... on ConversationChanged { conversation { id } } ... on ConversationRead { conversation { id } }
  ... on MessageAdded { message { conversation { id } } } ... on MessageChanged { message { id } } ... on ContactChanged { contact { id } }
  ... on ResetRequired { reason } } }`;

type Row = { id: string };
type Event = Parameters<typeof applyTo<Row>>[1];
type Client = ReturnType<typeof socketClient>;

/** A list that somebody watches; its rows as they are by what has come. */
interface View {
  viewer: Person;
  client: Client;
  filter: Filter;
  rows: Map<string, Row>;
}

/** What a query answers, and where in the stream. */
interface Loaded {
  ids: string[];
  cursor: string;
}

let gateway: Gateway;
let world: World;

beforeAll(async () => {
  gateway = await startGateway();
  world = await createWorld(gateway);
});

test('every condition of the filter is tried', () => {
  const input = schema.getType('ConversationFilter');
  const names = isInputObjectType(input) ? Object.keys(input.getFields()) : [];
  expect(Object.keys(valuesOf(world, createChance(SEED))).sort()).toEqual(names.sort());
});

test('whatever happens to conversations and contacts, a list kept by its events is what a query answers: live, and after catching up', async () => {
  const chance = createChance(SEED);
  const change = createChanger(gateway, world, chance);
  const views = await openViews(chance);
  for (const view of views) keep(view);

  let earlier = await load(views);
  for (let round = 0; round < ROUNDS; round++) {
    for (let done = 0; done < CHANGES_A_ROUND; done += 3) await Promise.all([change(), change(), change()]);
    const now = await load(views);
    // Asked again each time: what is snoozed wakes by itself.
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
    // Also from further back.
    if (round % 3 === 2) earlier = now;
  }
}, 300_000);

async function openViews(chance: ReturnType<typeof createChance>): Promise<View[]> {
  const values = valuesOf(world, chance);
  const { agent, colleague, bot, contact, contacts } = world;
  const [, , loner] = contacts;
  const watched: [viewer: Person, options: Parameters<typeof filtersFor>[2]][] = [
    [agent, { isContact: false, mixed: 20 }],
    // What is not about who asks is the same list for the whole team.
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

/** What a query answers for each of these, and where in the stream: one operation for all of one viewer. */
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

/** Keeps the rows of a list by what comes, as a page does. */
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

/** The list from these ids on, by what was missed since the cursor. */
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

/** Of the lists that are not what a query answers: whose, which, and what is wrong. */
function differences(views: readonly View[], lists: readonly string[][], loaded: readonly Loaded[]) {
  return views.flatMap(({ viewer, filter }, index) => {
    const [is, shouldBe] = [lists[index] ?? [], loaded[index]?.ids ?? []];
    const tooMuch = is.filter((id) => !shouldBe.includes(id));
    const missing = shouldBe.filter((id) => !is.includes(id));
    return tooMuch.length + missing.length > 0 ? [{ viewer: viewer.id, filter, tooMuch, missing }] : [];
  });
}
