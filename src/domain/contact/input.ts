import type { ContactType } from '../../db/generated/prisma/enums.ts';
import type { IdempotentInput, Maybe } from '../core/input.ts';
import { LIMITS } from '../core/limits.ts';
import type { LockedContact } from '../core/locking.ts';
import { type JsonObject, mergePatch } from '../core/merge-patch.ts';
import { createInputError, createValidation, type Validation } from '../core/validation.ts';
import { isTeam, type Viewer } from '../core/viewer.ts';
import type { ContactData } from './change.ts';
import { isCountryCode } from './country-code.ts';

/** What can be set of a contact. Left out stays; null clears. */
export interface ContactFields {
  name?: Maybe<string>;
  firstName?: Maybe<string>;
  middleName?: Maybe<string>;
  lastName?: Maybe<string>;
  avatarUrl?: Maybe<string>;
  contactType?: Maybe<ContactType>;
  company?: Maybe<string>;
  countryCode?: Maybe<string>;
  location?: Maybe<string>;
  language?: Maybe<string>;
  description?: Maybe<string>;
  /** A JSON merge patch. */
  customAttributes?: unknown;
  addLabels?: Maybe<readonly string[]>;
  removeLabels?: Maybe<readonly string[]>;
}

/** What no two contacts have in common. */
export interface ContactKeys {
  identifier?: Maybe<string>;
  email?: Maybe<string>;
  phoneNumber?: Maybe<string>;
}

/** One of them. */
export interface ContactKey extends ContactKeys {
  id?: Maybe<string>;
}

export interface UpsertContactInput extends ContactFields, IdempotentInput {
  key: ContactKey;
}

export interface UpdateContactInput extends ContactFields, ContactKeys, IdempotentInput {
  contactId: string;
}

export interface SetContactBlockedInput extends IdempotentInput {
  contactId: string;
  blocked: boolean;
}

const TEAM_FIELDS = ['contactType', 'description', 'customAttributes', 'addLabels', 'removeLabels'] as const;
const KEY_FIELDS = ['identifier', 'email', 'phoneNumber'] as const;

export function validateContactFields(validation: Validation, viewer: Viewer, input: ContactFields) {
  if (input.name !== undefined) validation.requiredText('name', input.name, LIMITS.name);
  for (const field of ['firstName', 'middleName', 'lastName', 'company', 'location'] as const) {
    validation.text(field, input[field], LIMITS.name);
  }
  validation.text('description', input.description, LIMITS.detail);
  validation.url('avatarUrl', input.avatarUrl, LIMITS.url);
  validation.object('customAttributes', input.customAttributes, LIMITS.customAttributes);
  validation.notNull('contactType', input.contactType);
  if (input.countryCode != null && !isCountryCode(input.countryCode)) {
    validation.addIssue(
      'countryCode',
      'NOT_A_COUNTRY',
      'is not a country of ISO 3166-1 in two letters, such as DE.',
    );
  }
  validation.text('language', input.language, LIMITS.language);
  if (input.language != null && !isLanguage(input.language)) {
    validation.addIssue('language', 'NOT_A_LANGUAGE', 'is not a language tag of BCP 47 such as de or pt-BR.');
  }
  validateLabels(validation, input);
  if (!isTeam(viewer)) refuseTeamFields(validation, input, TEAM_FIELDS);
}

export function validateContactKeys(validation: Validation, viewer: Viewer, input: ContactKeys) {
  if (isTeam(viewer)) validateKeyValues(validation, input, '');
  else refuseTeamFields(validation, input, KEY_FIELDS);
}

/** The key that a contact is looked up by. A contact is themselves: of theirs only what is kept as an address has a form. */
export function validateContactKey(validation: Validation, viewer: Viewer, key: ContactKey) {
  const { email, phoneNumber } = key;
  validateKeyValues(validation, isTeam(viewer) ? key : { email, phoneNumber }, 'key.');
}

/** What the contact is to have, of fields that are given. Throws where that would be too much. */
export function toContactData(contact: LockedContact, input: ContactFields & ContactKeys): ContactData {
  const { addLabels, removeLabels, customAttributes, name, contactType, countryCode, email, ...texts } =
    input;
  return {
    firstName: texts.firstName,
    middleName: texts.middleName,
    lastName: texts.lastName,
    avatarUrl: texts.avatarUrl,
    company: texts.company,
    location: texts.location,
    language: texts.language,
    description: texts.description,
    identifier: texts.identifier,
    phoneNumber: texts.phoneNumber,
    email: email?.toLowerCase() ?? email,
    countryCode: countryCode?.toUpperCase() ?? countryCode,
    name: name?.trim(),
    contactType: contactType ?? undefined,
    ...(addLabels || removeLabels
      ? { labels: changeLabels(contact, addLabels ?? [], removeLabels ?? []) }
      : {}),
    ...(customAttributes === undefined
      ? {}
      : { customAttributes: mergeAttributes(contact, customAttributes as JsonObject | null) }),
  };
}

function validateKeyValues(
  validation: Validation,
  { identifier, email, phoneNumber }: ContactKeys,
  prefix: string,
) {
  if (identifier != null) validation.requiredText(`${prefix}identifier`, identifier, LIMITS.name);
  validation.text(`${prefix}email`, email, LIMITS.address);
  validation.email(`${prefix}email`, email);
  validation.phoneNumber(`${prefix}phoneNumber`, phoneNumber);
}

function validateLabels(validation: Validation, { addLabels, removeLabels }: ContactFields) {
  for (const [field, labels] of Object.entries({ addLabels, removeLabels })) {
    validation.list(field, labels, LIMITS.labels);
    for (const [index, label] of (labels ?? []).entries()) {
      validation.requiredText(`${field}.${index}`, label, LIMITS.label);
    }
  }
  for (const [index, label] of (removeLabels ?? []).entries()) {
    if (addLabels?.includes(label)) {
      validation.addIssue(
        `removeLabels.${index}`,
        'NOT_ALLOWED',
        'is among addLabels, too; give it in one of them.',
      );
    }
  }
}

function refuseTeamFields<T extends object>(
  validation: Validation,
  input: T,
  fields: readonly (keyof T & string)[],
) {
  for (const field of fields) {
    if (input[field] !== undefined) validation.addIssue(field, 'NOT_ALLOWED', 'is for the team.');
  }
}

function changeLabels(
  contact: LockedContact,
  added: readonly string[],
  removed: readonly string[],
): string[] {
  const labels = [...new Set([...contact.labels, ...added])].filter((label) => !removed.includes(label));
  if (labels.length > Math.max(LIMITS.labels, contact.labels.length)) {
    throw createInputError(
      'addLabels',
      'TOO_MANY',
      `would make ${labels.length} labels; a contact has at most ${LIMITS.labels}.`,
    );
  }
  return labels;
}

function mergeAttributes(contact: LockedContact, patch: JsonObject | null): JsonObject {
  // Plain JSON: what stood in the operation itself has objects without a prototype.
  const merged = patch ? mergePatch(contact.customAttributes, JSON.parse(JSON.stringify(patch))) : {};
  const validation = createValidation();
  validation.object('customAttributes', merged, LIMITS.customAttributes);
  validation.finish();
  return merged;
}

function isLanguage(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}
