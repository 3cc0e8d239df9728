import { connect } from 'node:net';
import {
  type GraphQLField,
  type GraphQLObjectType,
  getNamedType,
  getNullableType,
  isAbstractType,
  isCompositeType,
  isInputObjectType,
} from 'graphql';
import { expect, test } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';
import type { Gateway } from './gateway.ts';
import { eventsOf } from './log.ts';
import { EXAMPLES, setScene } from './mutation-examples.ts';
import type { Person } from './mutations.ts';
import { times } from './times.ts';

// Idempotency of every mutation in the schema. The same tests run on one node and on two.

const SENT = 5;
// Mutations without idempotencyKey, because they store nothing.
const STORES_NOTHING = ['setActivity'];

const mutations: GraphQLField<unknown, unknown>[] = Object.values(
  schema.getMutationType()?.getFields() ?? {},
).filter(({ name }) => !STORES_NOTHING.includes(name));

export function testIdempotency(nodes: () => Gateway[]) {
  test('every mutation takes a key, and has an example here', () => {
    expect(Object.keys(EXAMPLES).sort()).toEqual(mutations.map(({ name }) => name).sort());
    const keyless = mutations.filter((mutation) => {
      const input = getNullableType(mutation.args[0]?.type);
      return !isInputObjectType(input) || input.getFields().idempotencyKey === undefined;
    });
    expect(keyless.map(({ name }) => name)).toEqual([]);
  });

  test.each(mutations.map((mutation) => [mutation.name, mutation] as const))(
    `%s, sent ${SENT} times at once with one key, is made once and answered alike`,
    async (name, mutation) => {
      const once = await setExample(nodes(), name);
      const [single] = await once.send(mutation, 1);
      expect(single).toMatchObject({ errors: undefined, replayed: undefined });
      expect(single?.text).not.toContain('Error"');

      const often = await setExample(nodes(), name);
      const answers = await often.send(mutation, SENT);
      for (const { text, errors } of answers) {
        expect(errors).toBeUndefined();
        expect(text).toBe(answers[0]?.text);
        expect(text).not.toContain('Error"');
      }
      // The aborted request may be the one that ran.
      expect(answers.filter(({ replayed }) => !replayed).length).toBeLessThanOrEqual(1);

      const left = await once.left();
      expect(await often.left()).toEqual(left);
      expect(left.events.length).toBeGreaterThan(0);
      expect(left.keys).toBe(name === 'updateConversations' ? 3 : 1);
    },
  );
}

async function setExample(nodes: Gateway[], name: string) {
  const [gateway] = nodes as [Gateway];
  const scene = await setScene(gateway);
  const { id: organizationId } = scene.organization;
  const example = await EXAMPLES[name]?.(scene);
  if (!example) throw new Error(`${name} has no example`);
  const { person, input } = example;
  const before = await eventsOf(gateway, { organizationId });

  return {
    /** Sends the mutation `count` times concurrently, across the nodes. With more than one the first request is aborted. */
    async send(mutation: GraphQLField<unknown, unknown>, count: number) {
      const query = documentOf(mutation);
      const variables = { input: { ...input, idempotencyKey: 'once' } };
      const answers = await Promise.all(
        times(count, async (index) => {
          const node = nodes[index % nodes.length] ?? gateway;
          if (count > 1 && index === 0) return abortRequest(node, person, { query, variables });
          const { data, errors, extensions } = await node.ask(person, query, variables);
          return { text: JSON.stringify(data), errors, replayed: extensions?.replayed };
        }),
      );
      return answers.filter((answer) => answer !== null);
    },
    /** Objects created since, and row counts of every table. */
    async left() {
      const { reads } = gateway.db;
      const where = { organizationId };
      const events = await eventsOf(gateway, { organizationId }, { after: before.length });
      return {
        events: events.map(({ type }) => type),
        keys: await reads.idempotencyKey.count({ where: { ...where, key: 'once' } }),
        rows: await Promise.all([
          reads.conversation.count({ where }),
          reads.conversationMember.count({ where }),
          reads.message.count({ where }),
          reads.contact.count({ where }),
          reads.user.count({ where }),
          reads.bot.count({ where }),
          reads.channel.count({ where }),
          reads.website.count({ where }),
          reads.audience.count({ where }),
          reads.businessUnit.count({ where }),
        ]),
      };
    },
  };
}

/** Sends a request and closes the connection before the answer. */
async function abortRequest(gateway: Gateway, person: Person, body: object): Promise<null> {
  const { hostname, port, host } = new URL(gateway.url);
  const text = JSON.stringify(body);
  const head = [
    'POST /graphql HTTP/1.1',
    `host: ${host}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(text)}`,
    `authorization: Bearer ${await gateway.tokenFor(person)}`,
  ];
  const socket = connect({ host: hostname, port: Number(port) });
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('close', () => resolve(null));
    socket.write(`${head.join('\r\n')}\r\n\r\n${text}`, () => socket.destroy());
  });
}

/** Document that selects the ids in the answer. */
function documentOf({ name, args, type }: GraphQLField<unknown, unknown>): string {
  const union = getNamedType(type);
  if (!isAbstractType(union)) throw new Error(`${name} can't refuse`);
  const results = schema.getPossibleTypes(union).filter((result) => !result.name.endsWith('Error'));
  const selected = results.map((result) => `... on ${result.name} { ${idsOf(result)} }`);
  return `mutation ($input: ${args[0]?.type}) { changed: ${name}(input: $input) {
    __typename ${selected.join(' ')} ... on UserError { message } } }`;
}

function idsOf(type: GraphQLObjectType): string {
  const fields = Object.values(type.getFields());
  if (fields.some(({ name }) => name === 'id')) return 'id';
  const objects = fields.filter((field) => isCompositeType(getNamedType(field.type)));
  return objects.map(({ name }) => `${name} { __typename ... on Node { id } }`).join(' ');
}
