import { getNullableType, isListType } from 'graphql';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { inputPlaces, leastOf, withValue } from '../support/input-places.ts';
import { mutate } from '../support/mutate.ts';
import { EXAMPLES, type Scene, setScene } from '../support/mutation-examples.ts';
import { createOrganization } from '../support/organization.ts';

// Built from the schema: a list that is added to an input tomorrow is in it.

// Longer than every limit of a list.
const TOO_MANY = 1_000;

let gateway: Gateway;
let scene: Scene;

beforeAll(async () => {
  gateway = await startGateway();
  scene = await setScene(gateway);
});

const LISTS = inputPlaces().filter(({ type }) => isListType(getNullableType(type)));

async function refuse(mutation: string, change: (input: object) => object) {
  const example = await EXAMPLES[mutation]?.(scene);
  if (!example) throw new Error(`no example of ${mutation}`);
  const { person, input } = example;
  return mutate(gateway, person, { mutation, input: change(input), selected: '' });
}

describe('a list that is too long is one issue, and its entries are not judged', () => {
  test('of every input', () => {
    expect(LISTS.length).toBeGreaterThan(15);
  });

  test.each(LISTS.map((place) => [`${place.mutation}.${place.path.join('.')}`, place] as const))(
    '%s',
    async (_name, { mutation, path, type }) => {
      const [entry] = leastOf(type) as unknown[];
      // Blank, so that each entry would be an issue of its own.
      const blank = typeof entry === 'string' ? '' : entry;
      const { result } = await refuse(mutation, (input) =>
        withValue(mutation, input, path, Array(TOO_MANY).fill(blank)),
      );
      const told = result.issues.map((issue: { code: string; path: string[] }) => [
        issue.code,
        ...issue.path,
      ]);
      expect(told).toContainEqual(['TOO_MANY', 'input', ...path]);
      expect(told.filter(([, ...at]: string[]) => at.length > path.length + 1)).toEqual([]);
      expect(JSON.stringify(result).length).toBeLessThan(2_000);
    },
  );
});

describe('at most 20 issues are told', () => {
  test('and the message says how many more there are', async () => {
    const answers = Array(200).fill({ question: '', internalLabel: 'x'.repeat(256) });
    const { result } = await refuse('recordAnswers', (input) => ({ ...input, answers }));
    expect(result.issues).toHaveLength(20);
    expect(result.message).toContain('There are 380 more issues.');
    expect(JSON.stringify(result).length).toBeLessThan(6_000);
  });

  test('whatever the form is like that somebody else has made', async () => {
    const organization = await createOrganization(gateway);
    const { send } = await formOf(organization);
    const values = Array.from({ length: 100 }, (_, index) => ({ name: `${index}`, value: 'x' }));
    const { result } = await send(values);
    expect(result.issues).toHaveLength(20);
    expect(JSON.stringify(result).length).toBeLessThan(100_000);
  });
});

/** A form with as many and as long names as a message may hold. */
async function formOf(organization: Scene['organization']) {
  const { contact, agent } = organization;
  const opened = await mutate(gateway, agent, {
    mutation: 'createConversation',
    input: {
      channelId: organization.channel.id,
      contactId: contact.id,
      firstMessage: {
        contentType: 'FORM',
        contentAttributes: {
          items: Array.from({ length: 200 }, (_, index) => ({ name: `${index}${'x'.repeat(250)}` })),
        },
      },
    },
    selected: '... on Conversation { lastMessage { id } }',
  });
  const messageId = opened.result.lastMessage.id;
  return {
    send: (values: object[]) =>
      mutate(gateway, contact, {
        mutation: 'submitMessageForm',
        input: { messageId, values },
        selected: '... on MessageSent { sent { id } }',
      }),
  };
}
