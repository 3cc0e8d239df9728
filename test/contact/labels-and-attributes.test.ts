import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { mutate } from '../support/mutate.ts';
import { createOrganization, openConversation, type TestOrganization } from '../support/organization.ts';

// Labels and custom attributes follow the same rules on every noun that has them.

interface Noun {
  label: (input: { add?: string[]; remove?: string[] }) => Promise<Result>;
  setAttributes: (customAttributes: object | null) => Promise<Result>;
  /** Stores values without validation, as an import does. */
  store: (data: { labels?: string[]; customAttributes?: object }) => Promise<unknown>;
  labelFields: { add: string; remove: string };
}

interface Result {
  labels?: string[];
  customAttributes?: object;
  issues?: { code: string; path: string[] }[];
}

let gateway: Gateway;
let organization: TestOrganization;
let conversationId: string;

beforeAll(async () => {
  gateway = await startGateway();
});

beforeEach(async () => {
  organization = await createOrganization(gateway);
  conversationId = await openConversation(gateway, organization);
});

async function run(mutation: string, type: string, input: object): Promise<Result> {
  const selected = `... on ${type} { labels customAttributes }`;
  return (await mutate(gateway, organization.agent, { mutation, input, selected })).result;
}

const updateContact = (input: object) =>
  run('updateContact', 'Contact', { contactId: organization.contact.id, ...input });

const NOUNS: Record<string, Noun> = {
  conversation: {
    label: (input) => run('setConversationLabels', 'Conversation', { conversationId, ...input }),
    setAttributes: (customAttributes) =>
      run('updateConversation', 'Conversation', { conversationId, customAttributes }),
    store: (data) => gateway.db.writes.conversation.update({ where: { id: conversationId }, data }),
    labelFields: { add: 'add', remove: 'remove' },
  },
  contact: {
    label: ({ add, remove }) => updateContact({ addLabels: add, removeLabels: remove }),
    setAttributes: (customAttributes) => updateContact({ customAttributes }),
    store: (data) => gateway.db.writes.contact.update({ where: { id: organization.contact.id }, data }),
    labelFields: { add: 'addLabels', remove: 'removeLabels' },
  },
};

describe.each(Object.entries(NOUNS))('%s', (_name, { label, setAttributes, store, labelFields }) => {
  test('labels are trimmed and deduplicated', async () => {
    await store({ labels: ['old', 'vip'] });
    const result = await label({ add: [' a ', 'a', 'vip ', 'b'], remove: [' old'] });
    expect(result).toMatchObject({ labels: ['vip', 'a', 'b'] });
  });

  test('a label in both lists is a CONTRADICTION, compared without blanks around it', async () => {
    const { issues } = await label({ add: ['a', 'b'], remove: ['c', ' b '] });
    expect(issues).toMatchObject([{ code: 'CONTRADICTION', path: ['input', labelFields.remove, '1'] }]);
  });

  test('more than 50 labels are rejected, but a longer stored list can shrink', async () => {
    await store({ labels: Array.from({ length: 60 }, (_, index) => `${index}`) });
    expect((await label({ add: ['new'] })).issues).toMatchObject([
      { code: 'TOO_MANY', path: ['input', labelFields.add] },
    ]);
    expect((await label({ add: ['new'], remove: ['0', '1'] })).labels).toHaveLength(59);
  });

  test('custom attributes above 64 KiB are rejected, but an oversized stored set can shrink', async () => {
    const customAttributes = { one: 'x'.repeat(50_000), two: 'x'.repeat(50_000), three: 'x'.repeat(50_000) };
    await store({ customAttributes });
    expect((await setAttributes({ four: 1 })).issues).toMatchObject([
      { code: 'TOO_LONG', path: ['input', 'customAttributes'] },
    ]);
    const { customAttributes: shrunk } = await setAttributes({ one: null });
    expect(Object.keys(shrunk ?? {})).toEqual(['two', 'three']);
  });
});
