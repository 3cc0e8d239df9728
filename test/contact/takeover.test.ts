import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { eventsOf } from '../support/log.ts';
import { type MutationResult, mutate } from '../support/mutate.ts';
import { createOrganization, openConversation, type TestOrganization } from '../support/organization.ts';

// A contact can not change, read, probe or become another contact, whatever keys they send.

let gateway: Gateway;
let organization: TestOrganization;

beforeAll(async () => {
  gateway = await startGateway();
});

/** Keys of the other contact. */
const OTHERS = { email: 'emil@example.org', phoneNumber: '+14155550177', identifier: 'K-EMIL' };
/** Keys of the same form that no contact has. */
const NOBODYS = { email: 'nemo@example.org', phoneNumber: '+14155550188', identifier: 'K-NEMO' };
const NO_ID = 'CTC-01J00000000000000000000000';

beforeEach(async () => {
  organization = await createOrganization(gateway);
  await gateway.db.writes.contact.update({
    where: { id: organization.otherContact.id },
    data: { ...OTHERS, name: 'Emil', location: 'Oslo' },
  });
  await openConversation(gateway, organization, { contactId: organization.otherContact.id, name: 'Theirs' });
});

const CONTACT = `... on Contact { id name email phoneNumber identifier contactType labels customAttributes description
  addresses { type target isSelfReported } conversations { totalCount nodes { id name } } }`;
const CONVERSATION = '... on Conversation { id contact { id name email } }';

function asContact(mutation: string, input: object, selected = CONTACT): Promise<MutationResult> {
  return mutate(gateway, organization.contact, { mutation, input, selected });
}

const readContact = (id: string) =>
  gateway.db.reads.contact.findUniqueOrThrow({ where: { id }, include: { addresses: true } });
const events = () => eventsOf(gateway, { organizationId: organization.id });

/** All contacts and conversations of the organization, without the viewer's own contact row. */
async function allElse() {
  const where = { organizationId: organization.id };
  const { contact } = organization;
  return {
    contacts: await gateway.db.reads.contact.findMany({
      where: { ...where, id: { not: contact.id } },
      include: { addresses: true },
      orderBy: { id: 'asc' },
    }),
    conversations: await gateway.db.reads.conversation.findMany({ where, orderBy: { id: 'asc' } }),
  };
}

/** The answer with the given values masked, so that two answers can be compared. */
function shapeOf({ result, errors }: MutationResult, given: string): string {
  return JSON.stringify({ result, errors })
    .replaceAll(given, 'GIVEN')
    .replaceAll(given.toLowerCase(), 'GIVEN');
}

describe('upsertContact by a contact', () => {
  const keys = (values: typeof OTHERS, id: string) => [
    { id },
    ...Object.entries(values).map(([key, value]) => ({ [key]: value })),
  ];

  test('always changes the viewer, and never stores the key as one of their keys', async () => {
    const before = await allElse();
    const own = await readContact(organization.contact.id);
    for (const key of [...keys(OTHERS, organization.otherContact.id), ...keys(NOBODYS, NO_ID)]) {
      const { result } = await asContact('upsertContact', { key, location: 'Bonn' });
      expect(result).toMatchObject({
        id: organization.contact.id,
        name: 'Dora',
        email: 'dora@example.org',
        phoneNumber: null,
        identifier: null,
        conversations: { totalCount: 0, nodes: [] },
      });
    }
    expect(await allElse()).toEqual(before);
    const { addresses, location, updatedAt, ...rest } = await readContact(organization.contact.id);
    expect({ ...own, ...rest }).toEqual(own);
    expect(location).toBe('Bonn');
    expect(addresses.map(({ type, target, isSelfReported }) => [type, target, isSelfReported])).toEqual([
      ['EMAIL', OTHERS.email, true],
      ['TEL', OTHERS.phoneNumber, true],
      ['EMAIL', NOBODYS.email, true],
      ['TEL', NOBODYS.phoneNumber, true],
    ]);
  });

  test('returns and stores the same whether or not another contact has the key', async () => {
    const twin = await createOrganization(gateway);
    const answersFor = async (values: typeof OTHERS, id: string, asking: TestOrganization) => {
      const shapes: string[] = [];
      for (const key of keys(values, id)) {
        const [given = ''] = Object.values(key);
        const answer = await mutate(gateway, asking.contact, {
          mutation: 'upsertContact',
          input: { key, name: 'Dora D', idempotencyKey: given },
          selected: CONTACT,
        });
        let shape = shapeOf(answer, given).replaceAll(asking.contact.id, 'ME');
        for (const value of Object.values(values)) shape = shape.replaceAll(value, 'GIVEN');
        shapes.push(shape);
      }
      const log = (await eventsOf(gateway, { organizationId: asking.id })).filter(
        ({ actorId }) => actorId === asking.contact.id,
      );
      return { shapes, changes: log.map(({ changes }) => changes.map(({ field }) => field)) };
    };
    const known = await answersFor(OTHERS, organization.otherContact.id, organization);
    const unknown = await answersFor(NOBODYS, NO_ID, twin);
    expect(known).toEqual(unknown);
    expect(known.changes).toEqual([['name'], ['addresses'], ['addresses']]);
  });

  test('stores an address once, as self-reported, in an event of the contact', async () => {
    for (const email of ['New@Example.org', 'new@example.ORG'])
      await asContact('upsertContact', { key: { email } });
    const query = `{ contact(id: "${organization.contact.id}") { email addresses { type target isSelfReported } } }`;
    const { data } = await gateway.ask(organization.agent, query);
    expect(data.contact).toEqual({
      email: 'dora@example.org',
      addresses: [{ type: 'EMAIL', target: 'new@example.org', isSelfReported: true }],
    });
    expect((await events()).slice(1)).toMatchObject([
      {
        type: 'CONTACT_CHANGED',
        actorId: organization.contact.id,
        contactId: organization.contact.id,
        isPublic: true,
        changes: [{ field: 'addresses', before: null, after: { type: 'EMAIL', target: 'new@example.org' } }],
      },
    ]);
  });

  test('stores no address that the contact has already', async () => {
    await asContact('upsertContact', { key: { email: 'Dora@example.org' } });
    expect((await readContact(organization.contact.id)).addresses).toEqual([]);
    expect(await events()).toHaveLength(1);
  });

  test('stores 20 addresses and rejects the next together with the rest of the input', async () => {
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        asContact('upsertContact', { key: { email: `dora${index}@example.org` } }),
      ),
    );
    const { result } = await asContact('upsertContact', {
      key: { phoneNumber: '+14155550123' },
      name: 'Late',
    });
    expect(result.issues).toMatchObject([{ code: 'TOO_MANY', path: ['input', 'key', 'phoneNumber'] }]);
    const { addresses, name } = await readContact(organization.contact.id);
    expect([addresses.length, name]).toEqual([20, 'Dora']);
    const again = await asContact('upsertContact', { key: { email: 'dora7@example.org' }, name: 'In time' });
    expect(again.result.name).toBe('In time');
  });
});

describe('updateContact by a contact', () => {
  test('sets the public fields of the viewer', async () => {
    const fields = {
      name: 'Dora D',
      firstName: 'Dora',
      middleName: 'E',
      lastName: 'D',
      avatarUrl: 'https://example.org/dora.png',
      location: 'Bonn',
      language: 'de',
      company: 'D Ltd',
      countryCode: 'DE',
    };
    const { result } = await asContact('updateContact', { contactId: organization.contact.id, ...fields });
    expect(result.name).toBe('Dora D');
    expect(await readContact(organization.contact.id)).toMatchObject(fields);
  });

  test.each([
    ['contactType', 'CUSTOMER'],
    ['description', null],
    ['description', 'nice'],
    ['customAttributes', { plan: 'platinum' }],
    ['addLabels', ['vip']],
    ['removeLabels', ['vip']],
    ['identifier', 'K-1'],
    ['identifier', 'K-EMIL'],
    ['email', null],
    ['email', 'emil@example.org'],
    ['phoneNumber', '+14155550177'],
  ])('rejects %s (%j) with the same message whoever has it', async (field, value) => {
    const before = { own: await readContact(organization.contact.id), all: await allElse() };
    const input = { contactId: organization.contact.id, name: 'Mine', [field]: value };
    const { result } = await asContact('updateContact', input);
    expect(result).toEqual({
      __typename: 'InvalidInputError',
      message: `input.${field}: is for the team.`,
      issues: [{ code: 'NOT_ALLOWED', path: ['input', field], message: 'is for the team.' }],
    });
    expect({ own: await readContact(organization.contact.id), all: await allElse() }).toEqual(before);
    expect(await events()).toHaveLength(1);
  });

  test('upsertContact rejects team fields', async () => {
    const teams = {
      contactType: 'LEAD',
      description: 'x',
      customAttributes: {},
      addLabels: ['a'],
      removeLabels: ['b'],
    };
    const { result } = await asContact('upsertContact', { key: { email: 'x@example.org' }, ...teams });
    expect(result.issues.map(({ code, path }: { code: string; path: string[] }) => [code, path[1]])).toEqual(
      Object.keys(teams).map((field) => ['NOT_ALLOWED', field]),
    );
    expect(await events()).toHaveLength(1);
  });

  test('another contact returns the same NotFoundError as an unknown id', async () => {
    const before = await allElse();
    const stranger = await createOrganization(gateway);
    const shapes = new Set<string>();
    for (const contactId of [organization.otherContact.id, stranger.contact.id, NO_ID]) {
      for (const input of [{ name: 'Mine' }, {}, { location: 'Bonn', idempotencyKey: contactId }]) {
        const answer = await asContact('updateContact', { contactId, ...input });
        expect(answer.result.__typename).toBe('NotFoundError');
        shapes.add(shapeOf(answer, contactId));
      }
    }
    expect(shapes.size).toBe(1);
    expect(await allElse()).toEqual(before);
  });
});

test('createConversation by a contact returns the same error for another contact and an unknown one', async () => {
  const { channel, otherContact } = organization;
  const before = await allElse();
  const named = (values: typeof OTHERS, id: string) => [
    { contactId: id },
    ...Object.entries(values).map(([key, value]) => ({ contact: { [key]: value } })),
  ];
  const shapes = async (inputs: object[]) => {
    const answers = [];
    for (const input of inputs) {
      answers.push(await asContact('createConversation', { channelId: channel.id, ...input }, CONVERSATION));
    }
    return answers;
  };
  const known = await shapes(named(OTHERS, otherContact.id));
  expect(known).toEqual(await shapes(named(NOBODYS, NO_ID)));
  for (const { result } of known) expect(result.issues).toMatchObject([{ code: 'NOT_ALLOWED' }]);
  expect(await allElse()).toEqual(before);
});

test('no contact mutation lets a contact read or take over data of another', async () => {
  const before = await allElse();
  const names = Object.keys(schema.getMutationType()?.getFields() ?? {});
  const contactInputs = names.filter((name) => /contact/i.test(name));
  expect(contactInputs.sort()).toEqual(['setContactBlocked', 'updateContact', 'upsertContact']);
  const answers = [
    await asContact('setContactBlocked', { contactId: organization.otherContact.id, blocked: true }),
    await asContact('updateContact', { contactId: organization.otherContact.id, name: 'Mine' }),
    await asContact('upsertContact', { key: { id: organization.otherContact.id }, name: 'Mine' }),
  ];
  expect(JSON.stringify(answers)).not.toMatch(/Emil|Oslo|emil|Theirs/);
  expect(await allElse()).toEqual(before);
});
