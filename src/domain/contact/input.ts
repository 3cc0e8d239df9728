import type { ContactType } from '../../db/generated/prisma/enums.ts';
import { LIMITS } from '../../limits.ts';
import { mergeCustomAttributes } from '../core/custom-attributes.ts';
import type { IdempotentInput, Maybe } from '../core/input.ts';
import { applyListChange, createLabelRule, validateListChange } from '../core/list-change.ts';
import type { LockedContact } from '../core/locking.ts';
import { toStoredUrl, type Validation } from '../core/validation.ts';
import { isTeam, type Viewer } from '../core/viewer.ts';
import type { ContactData } from './change.ts';
import { isCountryCode } from './country-code.ts';

/** Fields that can be set on a contact. An omitted field stays; null clears it. */
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
  /** JSON merge patch (RFC 7386). */
  customAttributes?: unknown;
  addLabels?: Maybe<readonly string[]>;
  removeLabels?: Maybe<readonly string[]>;
}

/** A contact to find by one of its keys, or to create. */
export interface ContactInput {
  name?: Maybe<string>;
  email?: Maybe<string>;
  phoneNumber?: Maybe<string>;
  identifier?: Maybe<string>;
}

/** Unique keys of a contact. */
export interface ContactKeys {
  identifier?: Maybe<string>;
  email?: Maybe<string>;
  phoneNumber?: Maybe<string>;
}

/** Exactly one key is given. */
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
const LABEL_RULE = createLabelRule({ add: 'addLabels', remove: 'removeLabels' });

export function validateContactFields(validation: Validation, viewer: Viewer, input: ContactFields) {
  if (input.name !== undefined) validation.requiredText('name', input.name, LIMITS.name);
  for (const field of ['firstName', 'middleName', 'lastName', 'company', 'location'] as const) {
    validation.text(field, input[field], LIMITS.name);
  }
  validation.text('description', input.description, LIMITS.detail);
  validation.url('avatarUrl', input.avatarUrl);
  validation.object('customAttributes', input.customAttributes, LIMITS.customAttributes);
  validation.notNull('contactType', input.contactType);
  if (input.countryCode != null && !isCountryCode(input.countryCode)) {
    validation.addIssue(
      'countryCode',
      'NOT_A_COUNTRY',
      'is not a country of ISO 3166-1 in two letters, such as DE.',
    );
  }
  const isShort = validation.text('language', input.language, LIMITS.language);
  if (input.language != null && isShort && !isLanguage(input.language)) {
    validation.addIssue('language', 'NOT_A_LANGUAGE', 'is not a language tag of BCP 47 such as de or pt-BR.');
  }
  validateListChange(validation, { add: input.addLabels, remove: input.removeLabels }, LABEL_RULE);
  if (!isTeam(viewer)) refuseTeamFields(validation, input, TEAM_FIELDS);
}

export function validateContactKeys(validation: Validation, viewer: Viewer, input: ContactKeys) {
  if (isTeam(viewer)) validateKeyValues(validation, input, '');
  else refuseTeamFields(validation, input, KEY_FIELDS);
}

/** Validates the lookup key. A contact viewer always addresses themselves, so only keys that are stored as an address are checked. */
export function validateContactKey(validation: Validation, viewer: Viewer, key: ContactKey) {
  const { email, phoneNumber } = key;
  validateKeyValues(validation, isTeam(viewer) ? key : { email, phoneNumber }, 'key.');
}

/** Columns to set for the given fields. Throws InvalidInputError when labels or custom attributes exceed their limit. */
export function toContactData(contact: LockedContact, input: ContactFields & ContactKeys): ContactData {
  const { addLabels: add, removeLabels: remove, customAttributes: patch } = input;
  const { name, contactType, countryCode, email, ...texts } = input;
  return {
    firstName: texts.firstName,
    middleName: texts.middleName,
    lastName: texts.lastName,
    avatarUrl: toStoredUrl(texts.avatarUrl),
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
    ...(add || remove ? { labels: applyListChange(contact.labels, { add, remove }, LABEL_RULE) } : {}),
    ...(patch === undefined
      ? {}
      : { customAttributes: mergeCustomAttributes(contact.customAttributes, patch) }),
  };
}

function validateKeyValues(
  validation: Validation,
  { identifier, email, phoneNumber }: ContactKeys,
  prefix: string,
) {
  if (identifier != null) validation.requiredText(`${prefix}identifier`, identifier, LIMITS.name);
  validation.email(`${prefix}email`, email);
  validation.phoneNumber(`${prefix}phoneNumber`, phoneNumber);
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

function isLanguage(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}
