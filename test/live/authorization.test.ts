import type { Client } from 'graphql-ws';
import { beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../src/ids.ts';
import { type Objects, TEAM_ONLY_TEXT } from '../support/full-organization.ts';
import { createDatabase, type Gateway, startNode } from '../support/gateway.ts';
import {
  createGuardedScene,
  type GuardedScene,
  type GuardedViewer,
  VIEWER_KINDS,
  type ViewerKind,
} from '../support/guarded-scene.ts';
import {
  documentFor,
  documentsFor,
  idPlaces,
  requiredVariables,
  rootFields,
  withValueAt,
} from '../support/id-places.ts';
import { socketClient } from '../support/live.ts';
import { mutate } from '../support/mutate.ts';
import { createMutations, type Person, requireResult } from '../support/mutations.ts';
import { secretsIn } from '../support/probe.ts';
import { createReceiveQueue, type ReceiveQueue } from '../support/receive-queue.ts';

// Walks all subscription fields of the schema as every kind of viewer, as test/graphql/authorization.test.ts walks queries and mutations.

const NEVER_MS = 2 ** 31 - 1;
const REFUSED: readonly ViewerKind[] = ['blocked contact', 'removed user', 'nobody'];
const ADMITTED = VIEWER_KINDS.filter((kind) => !REFUSED.includes(kind));

let gateway: Gateway;
let scene: GuardedScene;
const clients = new Map<string, Client>();

beforeAll(async () => {
  const database = await createDatabase();
  // Polls of the log would be counted with the statements of a subscription.
  gateway = await startNode(database, {}, { headPollIntervalMs: NEVER_MS });
  scene = await createGuardedScene(gateway);
  for (const { kind, person } of scene.viewers) {
    const authorization = person ? `Bearer ${await gateway.tokenFor(person)}` : undefined;
    clients.set(kind, socketClient(gateway.url, authorization));
  }
  return async () => {
    for (const client of clients.values()) await client.dispose();
    await gateway.stop();
    await database.drop();
  };
});

const viewerOf = (kind: string) => scene.viewers.find((viewer) => viewer.kind === kind) as GuardedViewer;

interface Stream {
  /** Everything that is sent, as text: results, errors, or the close of the connection. */
  frames: ReceiveQueue<string>;
  stop(): void;
}

function open(kind: string, query: string, variables: object): Stream {
  const frames = createReceiveQueue<string>('frame');
  const stop = clients.get(kind)?.subscribe(
    { query, variables: { ...variables } },
    {
      next: (result) => frames.put(JSON.stringify(result)),
      error: (reason) => frames.put(toText(reason)),
      complete: () => frames.close(),
    },
  );
  return { frames, stop: () => stop?.() };
}

function toText(reason: unknown): string {
  const { code, reason: text } = Object(reason);
  return code === undefined ? JSON.stringify(reason) : `closed with ${code} ${text}`;
}

test('there is a viewer of each kind', () => {
  expect(scene.viewers.map(({ kind }) => kind).sort()).toEqual([...ADMITTED, ...REFUSED].sort());
});

describe('a forbidden id is answered like an id of nothing, with the same statements', () => {
  async function firstReply(kind: string, query: string, variables: object) {
    gateway.statements();
    const { frames, stop } = open(kind, query, variables);
    const text = await frames.next();
    stop();
    // Two that are sent together finish in either order.
    return { text, statements: gateway.statements().sort() };
  }

  test.each([...ADMITTED, ...REFUSED])('for %s', async (kind) => {
    const { forbidden, secrets } = viewerOf(kind);
    // Keeps the connection open, and the log of the organization followed.
    const { frames, stop } = open(kind, 'subscription { inbox { __typename } }', {});
    await frames.next();
    const found: string[] = [];
    for (const { field, path, types, name } of idPlaces('subscription')) {
      const query = documentFor('subscription', field, 0);
      const ask = async (id: string) => {
        const { text, statements } = await firstReply(
          kind,
          query,
          withValueAt(requiredVariables(field), path, id),
        );
        return { text: text.replaceAll(id, '<id>'), statements };
      };
      for (const type of types) {
        const nothing = await ask(newId(type));
        for (const id of forbidden[type] ?? []) {
          const reply = await ask(id);
          if (JSON.stringify(reply) !== JSON.stringify(nothing))
            found.push(`${name} with ${id}: ${JSON.stringify(reply)}, not ${JSON.stringify(nothing)}`);
          found.push(...secretsIn(reply.text, secrets).map((secret) => `${name} with ${id}: ${secret}`));
        }
      }
    }
    stop();
    expect(found).toEqual([]);
  });
});

describe('no subscription tells what the viewer may not see', () => {
  const MAY_BE_EMPTY = ['activity', 'presence'];
  const STATES = [...MAY_BE_EMPTY, 'conversationCounts'];

  /**
   * Changes both organizations in ways that not everybody may see, and at last sends a message and changes the status. Returns the cursors of
   * these two, which everybody in the conversation hears.
   */
  async function change(user: Person, conversationId: string): Promise<(string | undefined)[]> {
    const { home, alien } = scene;
    await changeSecretly(home.agent, home.own);
    await changeSecretly(home.colleague, home.foreign);
    await changeSecretly(alien.agent, alien.own);
    const changes = createMutations(gateway);
    const message = await changes.send(user, { conversationId, content: 'The end' });
    const status = round++ % 2 === 0 ? 'PENDING' : 'OPEN';
    const change = await changes.setStatus(user, { conversationId, status });
    return [message.cursor, change.cursor];
  }

  let round = 0;

  async function changeSecretly(user: Person, { Conversation: conversationId, Contact: contactId }: Objects) {
    const note = { conversationId, content: TEAM_ONLY_TEXT, isPrivate: true };
    requireResult(await createMutations(gateway).send(user, note));
    for (const [mutation, input] of [
      ['setConversationLabels', { conversationId, add: [`${TEAM_ONLY_TEXT} ${round}`] }],
      ['setConversationPriority', { conversationId, priority: round % 2 === 0 ? 'LOW' : 'HIGH' }],
      ['updateContact', { contactId, description: `${TEAM_ONLY_TEXT} ${round}` }],
    ] as const) {
      const { result } = await mutate(gateway, user, { mutation, input, selected: '' });
      expect(result.__typename, mutation).not.toMatch(/Error$/);
    }
    for (const activity of ['WRITING_NOTE', 'NONE']) {
      const query = 'mutation ($input: SetActivityInput!) { setActivity(input: $input) }';
      await gateway.ask(user, query, { input: { conversationId, activity } });
    }
  }

  test.each(['agent', 'administrator', 'bot', 'contact', 'another contact'])('to %s', async (kind) => {
    const isOther = kind === 'another contact';
    const { Conversation: id } = isOther ? scene.home.foreign : scene.home.own;
    const streams = rootFields('subscription').flatMap((field) => {
      const given = only(field, { id, conversationId: id });
      return documentsFor('subscription', field, 1).map((query) => ({
        name: field.name,
        ...open(kind, query, { ...requiredVariables(field), ...given }),
      }));
    });
    const heard: string[] = [];
    async function take({ name, frames }: (typeof streams)[number]): Promise<string> {
      const text = await frames.next();
      heard.push(`${name}: ${text}`);
      return text;
    }
    // Each stream begins with a frame, except where nobody is there or active.
    for (const stream of streams) if (!MAY_BE_EMPTY.includes(stream.name)) await take(stream);
    const cursors = await change(isOther ? scene.home.colleague : scene.home.agent, id);
    for (const stream of streams) {
      if (STATES.includes(stream.name)) continue;
      const [last] = stream.name === 'messageAdded' ? cursors : cursors.slice(1);
      while (!(await take(stream)).includes(`"${last}"`));
    }
    for (const stream of streams) stream.stop();
    expect(
      heard.flatMap((text) =>
        secretsIn(text, viewerOf(kind).secrets).map((secret) => `${secret} in ${text}`),
      ),
    ).toEqual([]);
    expect(heard.filter((text) => text.includes('"errors"'))).toEqual([]);
  });

  function only({ args }: { args: readonly { name: string }[] }, values: Record<string, unknown>): object {
    return Object.fromEntries(
      Object.entries(values).filter(([name]) => args.some((arg) => arg.name === name)),
    );
  }
});

test.each(REFUSED)('%s can subscribe to nothing', async (kind) => {
  for (const field of rootFields('subscription')) {
    const { frames, stop } = open(kind, documentFor('subscription', field, 0), requiredVariables(field));
    expect(await frames.next(), field.name).toMatch(/^closed with 44\d\d |FORBIDDEN|UNAUTHENTICATED/);
    stop();
  }
});
