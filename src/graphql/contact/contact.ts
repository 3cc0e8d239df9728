import { LIMITS } from '../../limits.ts';
import { builder } from '../core/builder.ts';
import { defineConnection } from '../core/connection.ts';
import { ContactType } from '../core/enums.ts';
import { Actor, IS_ONLINE, Node } from '../core/node.ts';
import { ORIGIN } from '../core/origin.ts';
import { Address, CONTACT_ADDRESSES } from './address.ts';

export const Contact = builder.prismaObject('Contact', {
  description:
    'A person outside the organization who talks with the team. A contact sees no contact but themselves.',
  interfaces: [Node, Actor],
  select: { id: true },
  fields: (t) => ({
    name: t.exposeString('name', {
      visibility: 'public',
      description: 'Name to show in lists and messages.',
    }),
    firstName: t.exposeString('firstName', {
      nullable: true,
      visibility: 'public',
      description: 'Given name; null if unknown.',
    }),
    middleName: t.exposeString('middleName', {
      nullable: true,
      visibility: 'public',
      description: 'Middle name; null if unknown.',
    }),
    lastName: t.exposeString('lastName', {
      nullable: true,
      visibility: 'public',
      description: 'Family name; null if unknown.',
    }),
    email: t.exposeString('email', {
      nullable: true,
      visibility: 'public',
      description: 'Email address in lower case, unique in the organization; null if unknown.',
    }),
    phoneNumber: t.exposeString('phoneNumber', {
      nullable: true,
      visibility: 'public',
      description:
        'Phone number in international form, such as +14155550123, unique in the organization; null if unknown.',
    }),
    avatarUrl: t.exposeString('avatarUrl', {
      nullable: true,
      visibility: 'public',
      description: 'URL of a picture; null if there is none.',
    }),
    identifier: t.exposeString('identifier', {
      nullable: true,
      visibility: 'public',
      description:
        "Key of the contact in the customer's own system, such as an account number, unique in the organization; null if there is none.",
    }),
    contactType: t.expose('contactType', {
      type: ContactType,
      visibility: 'public',
      description: 'Stage of the relation with the contact.',
    }),
    blocked: t.exposeBoolean('blocked', {
      visibility: 'public',
      description:
        'Whether the contact is blocked: with their token, everything but their own data is FORBIDDEN.',
    }),
    countryCode: t.exposeString('countryCode', {
      nullable: true,
      visibility: 'public',
      description: 'Country: two capital letters of ISO 3166-1, such as DE; null if unknown.',
    }),
    location: t.exposeString('location', {
      nullable: true,
      visibility: 'public',
      description: 'City or region; null if unknown.',
    }),
    company: t.exposeString('company', {
      nullable: true,
      visibility: 'public',
      description: 'Company they work for; null if unknown.',
    }),
    description: t.exposeString('description', {
      nullable: true,
      visibility: 'team',
      description: 'Notes of the team about the contact; null if there are none, and for a contact.',
    }),
    language: t.exposeString('language', {
      nullable: true,
      visibility: 'public',
      description: 'Preferred language: a language tag of BCP 47, such as de or pt-BR; null if unknown.',
    }),
    addresses: t.field({
      type: [Address],
      visibility: 'public',
      description:
        'Addresses at which the contact can be reached, oldest first, self-reported ones included.',
      select: { addresses: CONTACT_ADDRESSES },
      resolve: (contact) => contact.addresses,
    }),
    labels: t.exposeStringList('labels', {
      nullable: true,
      visibility: 'team',
      description: `Labels given by the team, at most ${LIMITS.labels}. Null for a contact.`,
    }),
    customAttributes: t.expose('customAttributes', {
      type: 'JSON',
      nullable: true,
      visibility: 'team',
      description: "The team's own attributes: a JSON object. Null for a contact.",
    }),
    additionalAttributes: t.expose('additionalAttributes', {
      type: 'JSON',
      nullable: true,
      visibility: 'team',
      description: 'Attributes from the upstream system: a JSON object, read-only. Null for a contact.',
    }),
    isOnline: t.boolean(IS_ONLINE),
    lastActivityAt: t.expose('lastActivityAt', {
      type: 'DateTime',
      nullable: true,
      visibility: 'public',
      description:
        'Time of the last message that the contact wrote, or of their last activity in the upstream system; null if unknown.',
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      visibility: 'public',
      description: 'Time at which the contact was created.',
    }),
    updatedAt: t.expose('updatedAt', {
      type: 'DateTime',
      visibility: 'public',
      description: 'Time of the last change of a field that the contact can see.',
    }),
    origin: t.field(ORIGIN),
  }),
});

export const ContactConnection = defineConnection(Contact);
