import type { Prisma } from '../db/generated/prisma/client.ts';
import { createContactAddress } from './address.ts';
import { findCountry } from './country.ts';
import { DEMO } from './demo-people.ts';
import type { Person } from './person.ts';
import { avatarOf } from './picture.ts';
import type { Random } from './random.ts';
import type { Rows } from './rows.ts';
import { addSetupEvent } from './setup-event.ts';

const DAY_MS = 86_400_000;
const { organizationId } = DEMO;

const LABELS = ['vip', 'newsletter', 'wholesale', 'press', 'tester'];
const DESCRIPTIONS = [
  'Prefers to be called in the afternoon.',
  'Knows our range better than we do.',
  'Always answers within a minute.',
  'Leads a club of forty people.',
  'Had a difficult start with us; be generous.',
];
const BROWSERS = ['Firefox 141', 'Chrome 139', 'Safari 18', 'Edge 139'];

/** Adds a contact with its addresses. settleContacts sets its times. */
export function addContact(
  rows: Rows,
  person: Person,
  random: Random,
  known: Partial<Prisma.ContactCreateManyInput> = {},
) {
  const contactType = random.pick(['CUSTOMER', 'CUSTOMER', 'CUSTOMER', 'LEAD', 'VISITOR'] as const);
  const { id, name, language, country, company } = person;
  // Some contacts write only on channels that need no email or phone number.
  const isReserved = ['zh', 'th'].includes(language) && random.chance(0.4);
  const contact: Prisma.ContactCreateManyInput = {
    ...{
      id,
      organizationId,
      name,
      contactType,
      company,
      firstName: person.givenName,
      lastName: person.familyName,
    },
    email: isReserved ? null : person.email,
    phoneNumber: isReserved || random.chance(0.2) ? null : person.phoneNumber,
    avatarUrl: random.chance(0.3) ? avatarOf(name) : null,
    identifier: contactType === 'CUSTOMER' ? `C-${random.digits(6)}` : null,
    blocked: false,
    countryCode: country,
    location: person.city,
    description: random.chance(0.2) ? random.pick(DESCRIPTIONS) : null,
    language: `${language}-${country}`,
    labels: random.chance(0.35) ? [random.pick(LABELS)] : [],
    customAttributes:
      contactType === 'CUSTOMER'
        ? { customerSince: random.whole(2018, 2025), loyaltyPoints: random.whole(0, 4_800) }
        : {},
    additionalAttributes: { browser: random.pick(BROWSERS), timezone: findCountry(country).timezone },
    lastActivityAt: null,
    ...known,
  };
  rows.Contact.push(contact);

  const addresses = [
    ...(contact.email ? [createContactAddress('EMAIL', person)] : []),
    ...(contact.phoneNumber ? [createContactAddress('MESSAGE', person)] : []),
    ...(['ja', 'th'].includes(language) ? [createContactAddress('LINE', person)] : []),
  ];
  for (const [ordinal, address] of addresses.entries()) {
    rows.ContactAddress.push({ organizationId, contactId: id, ordinal, ...address });
  }
}

/** Sets the creation and last activity of each contact, once all conversations are there, and adds its event. */
export function settleContacts(rows: Rows, now: Date, random: Random) {
  for (const contact of rows.Contact) {
    const own = rows.Conversation.filter(({ contactId }) => contactId === contact.id);
    const first = Math.min(now.getTime() - DAY_MS, ...own.map(({ createdAt }) => timeOf(createdAt)));
    const isOld = contact.contactType === 'CUSTOMER' || own.length === 0;
    const earlierMs = isOld ? random.whole(30, 600) * DAY_MS : random.whole(5, 90) * 1_000;
    const createdAt = new Date(contact.createdAt ?? first - earlierMs);
    const heardOf = rows.Message.filter(({ senderContactId }) => senderContactId === contact.id);
    const lastActivityAt =
      heardOf.length > 0 ? new Date(Math.max(...heardOf.map((one) => timeOf(one.createdAt)))) : null;
    Object.assign(contact, {
      createdAt,
      updatedAt: contact.updatedAt ?? createdAt,
      lastActivityAt: contact.lastActivityAt ?? lastActivityAt,
    });
    addSetupEvent(rows, { type: 'CONTACT_CHANGED', contactId: contact.id, at: createdAt });
  }
}

function timeOf(date: Date | string | undefined): number {
  return new Date(date ?? 0).getTime();
}
