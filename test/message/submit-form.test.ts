import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { eventsOf } from '../support/log.ts';
import { createMutations, type Mutations, type Person, requireResult } from '../support/mutations.ts';
import { createOrganization, openConversation, type TestOrganization } from '../support/organization.ts';

const FORM = {
  items: [
    { name: 'name', label: 'Your name', type: 'text', required: true },
    { name: 'email', label: 'Your email', type: 'email' },
    {
      name: 'size',
      label: 'Size',
      type: 'select',
      options: [
        { label: 'Small', value: 's' },
        { label: 'Large', value: 'l' },
      ],
    },
  ],
};
const CHOICE = {
  items: [
    { title: 'Yes', value: 'y' },
    { title: 'No', value: 'n' },
  ],
};
const CARDS = {
  items: [
    {
      title: 'Plan',
      actions: [
        { type: 'postback', text: 'Take it', payload: 'TAKE' },
        { type: 'link', text: 'More', uri: 'https://example.com' },
      ],
    },
  ],
};

let gateway: Gateway;
let changes: Mutations;
let organization: TestOrganization;
let conversationId: string;

beforeAll(async () => {
  gateway = await startGateway();
  changes = createMutations(gateway);
});

beforeEach(async () => {
  organization = await createOrganization(gateway);
  conversationId = await openConversation(gateway, organization);
});

async function send(contentType: string, contentAttributes: object = {}, more: object = {}) {
  const input = { conversationId, content: 'Please', contentType, contentAttributes, ...more };
  return requireResult(await changes.send(organization.agent, input));
}

const fill = (person: Person, messageId: string, values: Record<string, string>) =>
  changes.submitForm(person, {
    messageId,
    values: Object.entries(values).map(([name, value]) => ({ name, value })),
  });
const log = () => eventsOf(gateway, { organizationId: organization.id, conversationId });
const changed = async () => (await log()).filter(({ type }) => type === 'MESSAGE_CHANGED');

test('submitMessageForm stores the values in the message and leaves the conversation unchanged', async () => {
  const form = await send('FORM', FORM);
  const filled = requireResult(await fill(organization.contact, form.id, { name: 'Dora', size: 'l' }));
  expect(filled.contentAttributes).toEqual({
    ...FORM,
    submittedValues: [
      { name: 'name', value: 'Dora' },
      { name: 'size', value: 'l' },
    ],
    submittedAt: filled.updatedAt,
  });
  expect(filled).toMatchObject({ editedAt: null, content: 'Please' });
  const { version, updatedAt, lastInteractedAt } = await changes.read(organization.agent, conversationId);
  expect({ version, updatedAt, lastInteractedAt }).toEqual({
    version: form.conversation.version,
    updatedAt: form.conversation.updatedAt,
    lastInteractedAt: form.conversation.lastInteractedAt,
  });
});

test('submitMessageForm logs one public event without the values', async () => {
  const form = await send('FORM', FORM);
  requireResult(await fill(organization.contact, form.id, { name: 'Dora' }));
  const events = await changed();
  expect(events).toMatchObject([
    {
      actorId: organization.contact.id,
      messageId: form.id,
      isPublic: true,
      changes: [{ field: 'contentAttributes', before: null, after: null }],
    },
  ]);
  expect(JSON.stringify(events)).not.toContain('Dora');
});

test('a second submission replaces the values; the same values change nothing', async () => {
  const form = await send('FORM', FORM);
  requireResult(await fill(organization.contact, form.id, { name: 'Dora', size: 's' }));
  const second = requireResult(await fill(organization.agent, form.id, { name: 'Dora' }));
  expect(second.contentAttributes.submittedValues).toEqual([{ name: 'name', value: 'Dora' }]);
  const before = await log();
  expect(requireResult(await fill(organization.agent, form.id, { name: 'Dora' }))).toEqual(second);
  expect(await log()).toEqual(before);
  expect(await changed()).toHaveLength(2);
});

test('updateMessage changes the form but not the submitted values', async () => {
  const form = await send('FORM', FORM);
  const { submittedValues, submittedAt } = requireResult(
    await fill(organization.contact, form.id, { name: 'Dora' }),
  ).contentAttributes;
  const forged = { items: [], submittedValues: [{ name: 'name', value: 'Emil' }] };
  const { contentAttributes } = requireResult(
    await changes.update(organization.agent, { messageId: form.id, contentAttributes: forged }),
  );
  expect(contentAttributes).toEqual({ items: [], submittedValues, submittedAt });
});

describe('accepts', () => {
  test.each<[string, object, Record<string, string>]>([
    ['FORM', FORM, { name: 'Dora', email: 'dora@example.org', size: 's' }],
    ['FORM', FORM, { name: 'Dora', email: '', size: '' }],
    ['INPUT_TEXT', {}, { value: 'A line' }],
    ['INPUT_TEXTAREA', {}, { value: 'Two\nlines' }],
    ['INPUT_EMAIL', {}, { email: 'dora@example.org' }],
    ['INPUT_SELECT', CHOICE, { value: 'y' }],
    ['QUICK_REPLIES', CHOICE, { value: 'n' }],
    ['CARDS', CARDS, { value: 'TAKE' }],
    ['INPUT_CSAT', {}, { rating: '5', feedback: 'Fine' }],
  ])('an answer to %s', async (contentType, attributes, values) => {
    const { id } = await send(contentType, attributes);
    const { contentAttributes } = requireResult(await fill(organization.contact, id, values));
    expect(contentAttributes).toMatchObject({
      ...attributes,
      submittedValues: Object.entries(values).map(([name, value]) => ({ name, value })),
    });
  });
});

describe('rejects', () => {
  test.each<[string, object, Record<string, string>, string, string]>([
    ['FORM', FORM, { name: 'Dora', shoe: '44' }, 'UNKNOWN_FIELD', 'values.1.name'],
    ['FORM', FORM, { name: 'Dora', email: 'dora' }, 'NOT_AN_EMAIL', 'values.1.value'],
    ['FORM', FORM, { name: 'Dora', size: 'xl' }, 'NOT_AN_OPTION', 'values.1.value'],
    ['FORM', FORM, { size: 's' }, 'REQUIRED', 'values'],
    ['FORM', FORM, { name: ' ' }, 'REQUIRED', 'values'],
    ['FORM', {}, { name: 'Dora' }, 'UNKNOWN_FIELD', 'values.0.name'],
    ['INPUT_TEXT', {}, { value: '' }, 'REQUIRED', 'values.0.value'],
    ['INPUT_TEXT', {}, { value: 'a', other: 'b' }, 'TOO_MANY', 'values.1.value'],
    ['INPUT_EMAIL', {}, { email: 'dora@' }, 'NOT_AN_EMAIL', 'values.0.value'],
    ['INPUT_SELECT', CHOICE, { value: 'Yes' }, 'NOT_AN_OPTION', 'values.0.value'],
    ['INPUT_SELECT', {}, { value: 'y' }, 'NOT_AN_OPTION', 'values.0.value'],
    ['QUICK_REPLIES', CHOICE, { value: 'z' }, 'NOT_AN_OPTION', 'values.0.value'],
    ['CARDS', CARDS, { value: 'https://example.com' }, 'NOT_AN_OPTION', 'values.0.value'],
    ['INPUT_CSAT', {}, { rating: '6' }, 'OUT_OF_RANGE', 'values.0.value'],
    ['INPUT_CSAT', {}, { rating: '0' }, 'OUT_OF_RANGE', 'values.0.value'],
    ['INPUT_CSAT', {}, { rating: '4.5' }, 'OUT_OF_RANGE', 'values.0.value'],
    ['INPUT_CSAT', {}, { feedback: 'Fine' }, 'REQUIRED', 'values'],
    ['INPUT_CSAT', {}, { rating: '1', stars: '5' }, 'UNKNOWN_FIELD', 'values.1.name'],
    ['FORM', FORM, {}, 'REQUIRED', 'values'],
    ['FORM', FORM, { '': 'a' }, 'REQUIRED', 'values.0.name'],
    ['FORM', FORM, { name: 'x'.repeat(10_001) }, 'TOO_LONG', 'values.0.value'],
    ['TEXT', {}, { value: 'a' }, 'NOT_A_FORM', 'messageId'],
    ['ARTICLE', CHOICE, { value: 'y' }, 'NOT_A_FORM', 'messageId'],
  ])('for %s %.0o the answer %.60o with %s at %s', async (contentType, attributes, values, code, path) => {
    const { id } = await send(contentType, attributes);
    const { refusal } = await fill(organization.contact, id, values);
    expect(refusal?.issues).toEqual([{ code, path: ['input', ...path.split('.')] }]);
    expect(await changed()).toEqual([]);
  });

  test('a field given twice', async () => {
    const { id } = await send('FORM', FORM);
    const values = ['Dora', 'Emil'].map((value) => ({ name: 'name', value }));
    const { refusal } = await changes.submitForm(organization.contact, { messageId: id, values });
    expect(refusal?.issues).toEqual([{ code: 'DUPLICATE', path: ['input', 'values', '1', 'name'] }]);
  });

  test('reports all issues at once', async () => {
    const { id } = await send('FORM', FORM);
    const { refusal } = await fill(organization.contact, id, { email: 'dora', size: 'xl' });
    expect(refusal?.issues?.map(({ path }) => path.join('.'))).toEqual([
      'input.values',
      'input.values.0.value',
      'input.values.1.value',
    ]);
  });

  test('a deleted message', async () => {
    const { id } = await send('FORM', FORM);
    requireResult(await changes.deleteMessage(organization.agent, { messageId: id }));
    const { refusal } = await fill(organization.contact, id, { name: 'Dora' });
    expect(refusal?.issues).toEqual([{ code: 'DELETED', path: ['input', 'messageId'] }]);
  });
});

test('a blocked contact gets ContactBlockedError; the team can still submit', async () => {
  const { id } = await send('FORM', FORM);
  await gateway.db.writes.contact.update({
    where: { id: organization.contact.id },
    data: { blocked: true },
  });
  const { refusal } = await fill(organization.contact, id, { name: 'Dora' });
  expect(refusal?.__typename).toBe('ContactBlockedError');
  expect(await changed()).toEqual([]);
  requireResult(await fill(organization.bot, id, { name: 'Dora' }));
});

test('a message of another contact or organization, or a note, is not found', async () => {
  const { id } = await send('FORM', FORM);
  const note = await send('FORM', FORM, { isPrivate: true });
  const stranger = (await createOrganization(gateway)).agent;
  const answers = [
    await fill(organization.otherContact, id, { name: 'Dora' }),
    await fill(stranger, id, { name: 'Dora' }),
    await fill(organization.contact, note.id, { name: 'Dora' }),
  ];
  for (const { refusal } of answers) expect(refusal?.__typename).toBe('NotFoundError');
  requireResult(await fill(organization.agent, note.id, { name: 'Dora' }));
  expect(await changed()).toMatchObject([{ isPublic: false }]);
});

test('submitted addresses change no contact and reveal nothing of other contacts', async () => {
  const contacts = () =>
    gateway.db.reads.contact.findMany({
      where: { organizationId: organization.id },
      orderBy: { id: 'asc' },
    });
  const before = await contacts();
  const { id } = await send('INPUT_EMAIL');
  const email = organization.otherContact.email ?? '';
  const filled = requireResult(await fill(organization.contact, id, { email }));
  expect(await contacts()).toEqual(before);
  expect(filled.conversation.contact).toEqual({ id: organization.contact.id });
  expect(JSON.stringify(filled)).not.toContain(organization.otherContact.id);
});

test('submitMessageForm with the same idempotencyKey is applied once', async () => {
  const { id } = await send('INPUT_TEXT');
  const input = { messageId: id, values: [{ name: 'value', value: 'a' }], idempotencyKey: 'form' };
  requireResult(await changes.submitForm(organization.contact, input));
  requireResult(await fill(organization.contact, id, { value: 'b' }));
  const again = requireResult(await changes.submitForm(organization.contact, input));
  expect(again.contentAttributes.submittedValues).toEqual([{ name: 'value', value: 'b' }]);
});
