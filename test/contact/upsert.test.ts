import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newId } from '../../src/ids.ts';
import { createContactMutations, EXAMPLE_FIELDS } from '../support/contact-mutations.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { cursorAt, eventsOf } from '../support/log.ts';
import type { Person } from '../support/mutations.ts';
import { createOrganization, type TestOrganization } from '../support/organization.ts';

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

describe('upsertContact', () => {
  test.each([
    ['email', 'fay@example.org'],
    ['phoneNumber', '+14155550123'],
    ['identifier', 'K-7'],
  ])(
    'creates the contact when the %s is unknown, with all given fields, in one event',
    async (key, value) => {
      const input = {
        key: { [key]: value },
        ...EXAMPLE_FIELDS,
        addLabels: ['vip', 'late'],
        customAttributes: { plan: 'gold', seats: 3 },
      };
      const { result, cursor } = await by(organization.agent).upsert(input);
      expect(result).toMatchObject({
        __typename: 'Contact',
        ...EXAMPLE_FIELDS,
        [key]: value,
        labels: ['vip', 'late'],
        customAttributes: { plan: 'gold', seats: 3 },
        blocked: false,
      });
      const [event, ...others] = await events();
      expect(others).toEqual([]);
      expect(event).toMatchObject({
        type: 'CONTACT_CHANGED',
        contactId: result.id,
        actorId: organization.agent.id,
        isPublic: true,
      });
      expect(cursor).toBe(await cursorAt(gateway, organization.id, 1));
      expect(event?.changes).toEqual(
        expect.arrayContaining([
          { field: 'name', before: null, after: 'Fay Wu' },
          { field: key, before: null, after: value },
          { field: 'labels', before: [], after: ['vip', 'late'] },
          { field: 'customAttributes.plan', before: null, after: 'gold' },
        ]),
      );
    },
  );

  test('finds the contact by each key, sets given fields and keeps the rest', async () => {
    const { agent, bot } = organization;
    const made = await gateway.db.writes.contact.create({
      data: {
        id: newId('Contact'),
        organizationId: organization.id,
        name: 'Fay',
        email: 'fay@example.org',
        phoneNumber: '+14155550123',
        identifier: 'K-7',
        company: 'Wu Ltd',
      },
    });
    const keys = [
      { id: made.id },
      { email: 'FAY@example.org' },
      { phoneNumber: '+14155550123' },
      { identifier: 'K-7' },
    ];
    for (const [index, key] of keys.entries()) {
      const { result } = await by(index % 2 ? bot : agent).upsert({ key, location: `Town ${index}` });
      expect(result).toMatchObject({
        id: made.id,
        name: 'Fay',
        company: 'Wu Ltd',
        location: `Town ${index}`,
      });
    }
    expect(await events()).toHaveLength(4);
    expect((await events())[3]?.changes).toEqual([{ field: 'location', before: 'Town 2', after: 'Town 3' }]);
  });

  test('a new contact without a name gets its key as name', async () => {
    const { result } = await by(organization.agent).upsert({ key: { email: 'Fay@Example.org' } });
    expect(result).toMatchObject({ name: 'fay@example.org', email: 'fay@example.org' });
  });

  test('an unknown or foreign id returns NotFoundError and creates nothing', async () => {
    const stranger = await createOrganization(gateway);
    for (const id of ['CTC-01J00000000000000000000000', stranger.contact.id, 'nonsense']) {
      const { result } = await by(organization.agent).upsert({ key: { id }, name: 'Fay' });
      expect(result).toMatchObject({
        __typename: 'NotFoundError',
        message: expect.stringContaining(`"${id}"`),
      });
    }
    expect(await contactsOf({})).toHaveLength(2);
  });

  test('concurrent calls create one contact and all return it', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        by(index % 2 ? organization.agent : organization.colleague).upsert({
          key: { email: 'fay@example.org' },
          customAttributes: { [`key${index}`]: index },
        }),
      ),
    );
    expect(new Set(answers.map(({ result }) => result.id)).size).toBe(1);
    const [contact, ...others] = await contactsOf({ email: 'fay@example.org' });
    expect(others).toEqual([]);
    expect(Object.keys(contact?.customAttributes ?? {})).toHaveLength(8);
  });

  test('requires exactly one key', async () => {
    for (const key of [{}, { email: 'a@example.org', identifier: 'K' }, { email: null }]) {
      const { errors } = await by(organization.agent).upsert({ key });
      expect(errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT');
    }
  });

  test.each([
    [{ key: { email: '' } }, 'NOT_AN_EMAIL', 'key.email'],
    [{ key: { identifier: ' ' } }, 'REQUIRED', 'key.identifier'],
    [{ key: { phoneNumber: '0123' } }, 'NOT_A_PHONE_NUMBER', 'key.phoneNumber'],
  ])('rejects an invalid key: %j', async (input, code, path) => {
    const { result } = await by(organization.agent).upsert(input);
    expect(result.issues).toEqual([
      { code, path: ['input', ...path.split('.')], message: expect.any(String) },
    ]);
  });

  test('is applied once with the same idempotencyKey', async () => {
    const input = { key: { email: 'fay@example.org' }, addLabels: ['vip'], idempotencyKey: 'one' };
    const first = await by(organization.agent).upsert(input);
    await by(organization.agent).upsert({ key: input.key, removeLabels: ['vip'] });
    const again = await by(organization.agent).upsert(input);
    expect(again).toMatchObject({ result: { id: first.result.id, labels: [] }, replayed: true });
    expect(await events()).toHaveLength(2);
  });
});
