import { LIMITS } from '../../limits.ts';
import { builder } from '../core/builder.ts';
import { ContactType } from '../core/enums.ts';
import { defineMutationInput, type InputFields, MEDIA_URL_RULE } from '../core/mutation.ts';

const IDENTIFIER = `Key of the contact in the customer's own system, such as an account number: 1 to ${LIMITS.name} characters. Unique in the organization.`;
const EMAIL = `Email address, at most ${LIMITS.address} characters; stored in lower case. Unique in the organization.`;
const PHONE_NUMBER =
  'Phone number in international form, such as +14155550123: a plus sign and 5 to 15 digits. Unique in the organization.';

const ContactKey = builder.inputType('ContactKey', {
  description: 'Key to find a contact by: exactly one of the fields.',
  isOneOf: true,
  fields: (t) => ({
    id: t.id({ description: 'Id of an existing contact, CTC-…. No contact is created.' }),
    identifier: t.string({ description: IDENTIFIER }),
    email: t.string({ description: EMAIL }),
    phoneNumber: t.string({ description: PHONE_NUMBER }),
  }),
});

/** Fields that UpsertContactInput and UpdateContactInput have in common. */
function contactFields(t: InputFields) {
  return {
    name: t.string({
      description: `Name to show: 1 to ${LIMITS.name} characters; surrounding white space is removed. It can not be null. A new contact without one is named by its key.`,
    }),
    firstName: t.string({ description: `Given name, at most ${LIMITS.name} characters.` }),
    middleName: t.string({ description: `Middle name, at most ${LIMITS.name} characters.` }),
    lastName: t.string({ description: `Family name, at most ${LIMITS.name} characters.` }),
    avatarUrl: t.string({ description: `URL of a picture: ${MEDIA_URL_RULE}` }),
    contactType: t.field({
      type: ContactType,
      description: 'Stage of the relation with the contact. It can not be null. Team only.',
    }),
    company: t.string({ description: `Company they work for, at most ${LIMITS.name} characters.` }),
    countryCode: t.string({ description: 'Country: two letters of ISO 3166-1, such as DE.' }),
    location: t.string({ description: `City or region, at most ${LIMITS.name} characters.` }),
    language: t.string({
      description: `Preferred language: a language tag of BCP 47, such as de or pt-BR, at most ${LIMITS.language} characters.`,
    }),
    description: t.string({
      description: `Notes of the team about the contact, at most ${LIMITS.detail} characters. Team only.`,
    }),
    customAttributes: t.field({
      type: 'JSON',
      description: `JSON merge patch (RFC 7386) of the team's own attributes: each key that is given is set, or removed if its value is null. Null instead of an object removes all. At most ${LIMITS.customAttributes} bytes of JSON after the change. Team only.`,
    }),
    addLabels: t.stringList({
      description: `Labels to add, each of 1 to ${LIMITS.label} characters. A contact has at most ${LIMITS.labels}. Team only.`,
    }),
    removeLabels: t.stringList({
      description: `Labels to remove, at most ${LIMITS.labels}. None of them may be in addLabels. Team only.`,
    }),
  };
}

export const UpsertContactInput = defineMutationInput('UpsertContactInput', {
  description:
    'Key of a contact, and fields to set. An omitted field keeps its value. Null clears a nullable field.',
  fields: (t) => ({
    key: t.field({
      type: ContactKey,
      required: true,
      description: `Key to find the contact by. For a contact it is ignored, but an email or phone number in it is added to their addresses as self-reported, at most ${LIMITS.selfReportedAddresses} of them.`,
    }),
    ...contactFields(t),
  }),
});

export const UpdateContactInput = defineMutationInput('UpdateContactInput', {
  description: 'Fields of a contact to set. An omitted field keeps its value. Null clears a nullable field.',
  fields: (t) => ({
    contactId: t.id({
      required: true,
      description: 'Id of the contact, CTC-…. A contact can give their own only.',
    }),
    identifier: t.string({ description: `${IDENTIFIER} Team only.` }),
    email: t.string({ description: `${EMAIL} Team only.` }),
    phoneNumber: t.string({ description: `${PHONE_NUMBER} Team only.` }),
    ...contactFields(t),
  }),
});

export const SetContactBlockedInput = defineMutationInput('SetContactBlockedInput', {
  description: 'A contact, and whether to block it.',
  fields: (t) => ({
    contactId: t.id({ required: true, description: 'Id of the contact, CTC-….' }),
    blocked: t.boolean({ required: true, description: 'True: blocked. False: not blocked.' }),
  }),
});
