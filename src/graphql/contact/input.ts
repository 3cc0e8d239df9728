import { LIMITS } from '../../domain/core/limits.ts';
import { builder } from '../core/builder.ts';
import { IDEMPOTENCY_KEY } from '../core/change-input.ts';
import { ContactType } from '../core/enums.ts';

const IDENTIFIER = `The customer's own key for them: 1 to ${LIMITS.name} characters.`;
const EMAIL = `Their email address, at most ${LIMITS.address} characters; kept in lower case.`;
const PHONE_NUMBER = 'Their phone number in international form, +14155550123.';

const ContactKey = builder.inputType('ContactKey', {
  description: 'What a contact is found by: exactly one of these.',
  isOneOf: true,
  fields: (t) => ({
    id: t.id({ description: 'Their id, CTC-…; never made.' }),
    identifier: t.string({ description: IDENTIFIER }),
    email: t.string({ description: EMAIL }),
    phoneNumber: t.string({ description: PHONE_NUMBER }),
  }),
});

type Fields = PothosSchemaTypes.InputFieldBuilder<typeof builder.$inferSchemaTypes, 'InputObject'>;

/** What can be set of a contact, in whichever input. */
function contactFields(t: Fields) {
  return {
    name: t.string({ description: `The name to show: 1 to ${LIMITS.name} characters.` }),
    firstName: t.string({ description: `Given name, at most ${LIMITS.name} characters.` }),
    middleName: t.string({ description: `Middle name, at most ${LIMITS.name} characters.` }),
    lastName: t.string({ description: `Family name, at most ${LIMITS.name} characters.` }),
    avatarUrl: t.string({ description: `Address of a picture of them, at most ${LIMITS.url} characters.` }),
    contactType: t.field({ type: ContactType, description: 'How well they are known. Not for contacts.' }),
    company: t.string({ description: `Where they work, at most ${LIMITS.name} characters.` }),
    countryCode: t.string({ description: 'Country as two letters (ISO 3166-1).' }),
    location: t.string({ description: `City or region, at most ${LIMITS.name} characters.` }),
    language: t.string({
      description: `The language to write to them in (BCP 47), at most ${LIMITS.language} characters.`,
    }),
    description: t.string({
      description: `What the team notes about them, at most ${LIMITS.detail} characters. Not for contacts.`,
    }),
    customAttributes: t.field({
      type: 'JSON',
      description: `A JSON merge patch (RFC 7386) of the team's own fields: what it names is set, or removed where it says null. All together at most ${LIMITS.customAttributes} bytes. Not for contacts.`,
    }),
    addLabels: t.stringList({
      description: `Labels to add, each of at most ${LIMITS.label} characters; a contact has at most ${LIMITS.labels}. Not for contacts.`,
    }),
    removeLabels: t.stringList({
      description: `Labels to take away, at most ${LIMITS.labels}. Not for contacts.`,
    }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  };
}

export const UpsertContactInput = builder.inputType('UpsertContactInput', {
  description: 'Which contact, and what to set. A field left out stays; null clears it, but not the name.',
  fields: (t) => ({
    key: t.field({
      type: ContactKey,
      required: true,
      description:
        'Asked by a contact, it is always that contact, whatever the key says: an email or phone number is kept among their addresses, as unverified.',
    }),
    ...contactFields(t),
  }),
});

export const UpdateContactInput = builder.inputType('UpdateContactInput', {
  description: 'What to set of a contact. A field left out stays; null clears it, but not the name.',
  fields: (t) => ({
    contactId: t.id({ required: true, description: 'Which contact. A contact changes themselves only.' }),
    identifier: t.string({ description: `${IDENTIFIER} Not for contacts.` }),
    email: t.string({ description: `${EMAIL} Not for contacts.` }),
    phoneNumber: t.string({ description: `${PHONE_NUMBER} Not for contacts.` }),
    ...contactFields(t),
  }),
});

export const SetContactBlockedInput = builder.inputType('SetContactBlockedInput', {
  description: 'Whether a contact is to be blocked.',
  fields: (t) => ({
    contactId: t.id({ required: true, description: 'Which contact.' }),
    blocked: t.boolean({ required: true, description: 'True blocks them, false lets them write again.' }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});
