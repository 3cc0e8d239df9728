import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createContactMutations, EXAMPLE_FIELDS } from '../support/contact-mutations.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { cursorAt, eventsOf } from '../support/log.ts';
import { createMutations, type Person } from '../support/mutations.ts';
import { createOrganization, openConversation, type TestOrganization } from '../support/organization.ts';

let gateway: Gateway;
let organization: TestOrganization;

beforeAll(async () => {
  gateway = await startGateway();
});

beforeEach(async () => {
  organization = await createOrganization(gateway);
});

const by = (person: Person) => createContactMutations(gateway, person);
const events = () => eventsOf(gateway, { organizationId: organization.id });
const contactsOf = (where: object) =>
  gateway.db.reads.contact.findMany({ where: { organizationId: organization.id, ...where } });

describe('updateContact', () => {
  const update = (input: object, person: Person = organization.agent) =>
    by(person).update({ contactId: organization.contact.id, ...input });

  test('sets given fields, clears null fields, and keeps the rest', async () => {
    expect((await update(EXAMPLE_FIELDS)).result).toMatchObject({
      ...EXAMPLE_FIELDS,
      email: 'dora@example.org',
    });
    const { result } = await update({ company: null, countryCode: 'fr', email: 'New@Example.org' });
    expect(result).toMatchObject({
      ...EXAMPLE_FIELDS,
      company: null,
      countryCode: 'FR',
      email: 'new@example.org',
    });
    expect((await events())[1]).toMatchObject({
      type: 'CONTACT_CHANGED',
      contactId: organization.contact.id,
      isPublic: true,
      changes: expect.arrayContaining([
        { field: 'email', before: 'dora@example.org', after: 'new@example.org' },
        { field: 'company', before: 'Wu Ltd', after: null },
        { field: 'countryCode', before: 'DE', after: 'FR' },
      ]),
    });
    expect((await update({ email: null, phoneNumber: null, identifier: null })).result.email).toBeNull();
  });

  test('the same values create no event, keep updatedAt, and return the current cursor', async () => {
    await update({
      ...EXAMPLE_FIELDS,
      addLabels: ['new'],
      customAttributes: { plan: 'iron', a: { b: [1] } },
    });
    const [before] = await contactsOf({ id: organization.contact.id });
    const { result, cursor } = await update({
      ...EXAMPLE_FIELDS,
      email: 'DORA@example.org',
      addLabels: ['vip'],
      removeLabels: ['unknown'],
      customAttributes: { plan: 'iron', a: { b: [1] }, none: null },
    });
    expect(result).toMatchObject(EXAMPLE_FIELDS);
    expect(await contactsOf({ id: organization.contact.id })).toEqual([before]);
    expect(await events()).toHaveLength(1);
    expect(cursor).toBe(await cursorAt(gateway, organization.id, 1));
  });

  test('merges custom attributes per key, with one change per key', async () => {
    await update({ customAttributes: { a: { x: 1, y: 2 }, list: [1, 2] } });
    const { result } = await update({ customAttributes: { a: { y: null, z: 3 }, list: [3], plan: null } });
    expect(result.customAttributes).toEqual({ a: { x: 1, z: 3 }, list: [3] });
    expect((await events())[1]?.changes).toEqual([
      { field: 'customAttributes.a', before: { x: 1, y: 2 }, after: { x: 1, z: 3 } },
      { field: 'customAttributes.list', before: [1, 2], after: [3] },
      { field: 'customAttributes.plan', before: 'gold', after: null },
    ]);
    expect((await update({ customAttributes: null })).result.customAttributes).toEqual({});
  });

  test('custom attributes given as literals are stored the same', async () => {
    await update({ customAttributes: { a: [{ b: 1 }] } });
    const document = `mutation { result: updateContact(input: { contactId: "${organization.contact.id}", customAttributes: { a: [{ b: 1 }] } }) {
      ... on Contact { customAttributes } } }`;
    const { data } = await gateway.ask(organization.agent, document);
    expect(data.result.customAttributes).toEqual({ plan: 'gold', a: [{ b: 1 }] });
    expect(await events()).toHaveLength(1);
  });

  test('concurrent additions of labels and attributes are all stored', async () => {
    await Promise.all(
      ['a', 'b', 'c', 'd'].map((key) => update({ addLabels: [key], customAttributes: { [key]: 1 } })),
    );
    const [contact] = await contactsOf({ id: organization.contact.id });
    expect([...(contact?.labels ?? [])].sort()).toEqual(['a', 'b', 'c', 'd', 'vip']);
    expect(contact?.customAttributes).toEqual({ plan: 'gold', a: 1, b: 1, c: 1, d: 1 });
  });

  test('changes of team fields log a private event and keep updatedAt', async () => {
    const before = (await update({})).result;
    for (const input of [
      { description: 'new' },
      { addLabels: ['new'] },
      { customAttributes: { plan: 'iron' } },
    ]) {
      expect((await update(input)).result.updatedAt).toBe(before.updatedAt);
      expect((await events()).at(-1)).toMatchObject({ isPublic: false });
    }
    expect(Date.parse((await update({ location: 'Bonn' })).result.updatedAt)).toBeGreaterThan(
      Date.parse(before.updatedAt),
    );
    expect((await events()).at(-1)).toMatchObject({ isPublic: true });
  });

  test.each([
    ['email', 'fay@example.org'],
    ['phoneNumber', '+14155550123'],
    ['identifier', 'K-7'],
  ])(
    'the %s of another contact returns ContactConflictError with that contact, and changes nothing',
    async (key, value) => {
      const other = (await by(organization.agent).upsert({ key: { [key]: value } })).result;
      const before = await contactsOf({});
      const { result } = await update({ [key]: key === 'email' ? value.toUpperCase() : value, name: 'Mine' });
      expect(result).toMatchObject({
        __typename: 'ContactConflictError',
        conflictingContact: { id: other.id },
      });
      expect(await contactsOf({})).toEqual(before);
      expect(await events()).toHaveLength(1);
    },
  );

  test('concurrent updates to one email: one succeeds, the other gets ContactConflictError', async () => {
    const { contact, otherContact, agent, colleague } = organization;
    for (let round = 0; round < 5; round++) {
      const email = `round${round}@example.org`;
      const answers = await Promise.all([
        by(agent).update({ contactId: contact.id, email }),
        by(colleague).update({ contactId: otherContact.id, email }),
      ]);
      const winner = answers.find(({ result }) => result?.__typename === 'Contact')?.result.id;
      const refusal = answers.find(({ result }) => result?.__typename !== 'Contact');
      expect(refusal?.errors).toBeUndefined();
      expect(refusal?.result).toMatchObject({
        __typename: 'ContactConflictError',
        conflictingContact: { id: winner },
      });
    }
    expect(await events()).toHaveLength(5);
  });

  test('concurrent update and create with one email: one of them gets the email', async () => {
    const { contact, agent, colleague } = organization;
    for (let round = 0; round < 5; round++) {
      const email = `round${round}@example.org`;
      const [updated, upserted] = await Promise.all([
        by(agent).update({ contactId: contact.id, email }),
        by(colleague).upsert({ key: { email } }),
      ]);
      expect([updated.errors, upserted.errors]).toEqual([undefined, undefined]);
      const [owner, ...others] = await contactsOf({ email });
      expect(others).toEqual([]);
      expect(upserted.result.id).toBe(owner?.id);
      expect(updated.result.__typename).toBe(owner?.id === contact.id ? 'Contact' : 'ContactConflictError');
    }
  });

  test.each([
    ['REQUIRED', 'name', { name: null }],
    ['REQUIRED', 'name', { name: ' ' }],
    ['TOO_LONG', 'name', { name: 'x'.repeat(256) }],
    ['NOT_AN_EMAIL', 'email', { email: '' }],
    ['REQUIRED', 'identifier', { identifier: '' }],
    ['NOT_A_PHONE_NUMBER', 'phoneNumber', { phoneNumber: '12' }],
    ['TOO_LONG', 'company', { company: 'x'.repeat(256) }],
    ['TOO_LONG', 'description', { description: 'x'.repeat(5_001) }],
    ['NOT_A_URL', 'avatarUrl', { avatarUrl: 'javascript:alert(1)' }],
    ['REQUIRED', 'contactType', { contactType: null }],
    ['NOT_A_COUNTRY', 'countryCode', { countryCode: 'ZZ' }],
    ['NOT_A_COUNTRY', 'countryCode', { countryCode: '' }],
    ['NOT_A_LANGUAGE', 'language', { language: 'german!' }],
    ['NOT_AN_OBJECT', 'customAttributes', { customAttributes: [1] }],
    ['TOO_LONG', 'customAttributes', { customAttributes: { a: 'x'.repeat(65_536) } }],
    ['REQUIRED', 'addLabels.0', { addLabels: [' '] }],
    ['TOO_LONG', 'addLabels.0', { addLabels: ['x'.repeat(101)] }],
    ['TOO_MANY', 'addLabels', { addLabels: Array.from({ length: 51 }, (_, index) => `l${index}`) }],
    ['TOO_MANY', 'addLabels', { addLabels: Array.from({ length: 50 }, (_, index) => `l${index}`) }],
    ['CONTRADICTION', 'removeLabels.0', { addLabels: ['a'], removeLabels: ['a'] }],
    ['REQUIRED', 'idempotencyKey', { idempotencyKey: '' }],
  ])('returns %s for %s', async (code, path, input) => {
    const { result } = await update(input);
    expect(result.issues).toEqual([
      { code, path: ['input', ...path.split('.')], message: expect.any(String) },
    ]);
    expect(await events()).toEqual([]);
  });

  test('rejects custom attributes that are too large after the merge', async () => {
    await update({ customAttributes: { a: 'x'.repeat(40_000) } });
    const { result } = await update({ customAttributes: { b: 'x'.repeat(40_000) } });
    expect(result.issues).toMatchObject([{ code: 'TOO_LONG', path: ['input', 'customAttributes'] }]);
    expect((await update({ customAttributes: { a: null, b: 'x'.repeat(40_000) } })).result.id).toBeDefined();
  });

  test('a contact of another organization returns NotFoundError', async () => {
    const stranger = await createOrganization(gateway);
    const ids = [stranger.contact.id, 'CTC-01J00000000000000000000000'];
    for (const contactId of ids) {
      const { result } = await by(organization.agent).update({ contactId, name: 'Mine' });
      expect(result.message).toBe(
        `There is no contact "${contactId}". Check the id; it may also have been removed, or you may not see it.`,
      );
    }
  });
});

describe('setContactBlocked', () => {
  test('blocks and unblocks with one event each; a repeated call logs none', async () => {
    const contactId = organization.contact.id;
    for (const blocked of [true, true, false, false]) {
      expect((await by(organization.agent).block({ contactId, blocked })).result).toMatchObject({ blocked });
    }
    expect(
      (await events()).map(({ type, contactId, changes, isPublic }) => ({
        type,
        contactId,
        changes,
        isPublic,
      })),
    ).toEqual([
      {
        type: 'CONTACT_CHANGED',
        contactId,
        isPublic: true,
        changes: [{ field: 'blocked', before: false, after: true }],
      },
      {
        type: 'CONTACT_CHANGED',
        contactId,
        isPublic: true,
        changes: [{ field: 'blocked', before: true, after: false }],
      },
    ]);
  });

  test('a blocked contact can not send messages or open conversations', async () => {
    const { agent, contact, channel } = organization;
    const conversationId = await openConversation(gateway, organization);
    const changes = createMutations(gateway);
    await by(agent).block({ contactId: contact.id, blocked: true });
    expect((await changes.send(contact, { conversationId, content: 'Hi' })).refusal?.__typename).toBe(
      'ContactBlockedError',
    );
    expect((await changes.create(contact, { channelId: channel.id })).refusal?.__typename).toBe(
      'ContactBlockedError',
    );
    await by(agent).block({ contactId: contact.id, blocked: false });
    expect((await changes.send(contact, { conversationId, content: 'Hi' })).refusal).toBeNull();
  });

  test('is forbidden for bots and contacts', async () => {
    const { bot, contact } = organization;
    for (const person of [bot, contact]) {
      const { result, errors } = await by(person).block({ contactId: contact.id, blocked: false });
      expect(result).toBeNull();
      expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' }, path: ['result'] }]);
    }
  });

  test('an unknown contact returns NotFoundError', async () => {
    const { result } = await by(organization.agent).block({ contactId: 'nonsense', blocked: true });
    expect(result.__typename).toBe('NotFoundError');
  });
});
