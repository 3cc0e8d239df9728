import { builder } from '../core/builder.ts';
import { defineConnection } from '../core/connection.ts';
import { ContactType } from '../core/enums.ts';
import { Actor, Node } from '../core/node.ts';
import { ORIGIN } from '../core/origin.ts';
import { Address, CONTACT_ADDRESSES } from './address.ts';

export const Contact = builder.prismaObject('Contact', {
  description: 'Somebody outside who talks with the team. A contact sees only themselves.',
  interfaces: [Node, Actor],
  select: { id: true },
  fields: (t) => ({
    name: t.exposeString('name', { visibility: 'public', description: 'The name to show.' }),
    firstName: t.exposeString('firstName', {
      nullable: true,
      visibility: 'public',
      description: 'Given name.',
    }),
    middleName: t.exposeString('middleName', {
      nullable: true,
      visibility: 'public',
      description: 'Middle name.',
    }),
    lastName: t.exposeString('lastName', {
      nullable: true,
      visibility: 'public',
      description: 'Family name.',
    }),
    email: t.exposeString('email', {
      nullable: true,
      visibility: 'public',
      description: 'Email address, in lower case; no two contacts have the same.',
    }),
    phoneNumber: t.exposeString('phoneNumber', {
      nullable: true,
      visibility: 'public',
      description: 'Phone number in international form; no two contacts have the same.',
    }),
    avatarUrl: t.exposeString('avatarUrl', {
      nullable: true,
      visibility: 'public',
      description: 'Address of a picture of them; null when there is none.',
    }),
    identifier: t.exposeString('identifier', {
      nullable: true,
      visibility: 'public',
      description:
        "The customer's own key for them, such as an account number; no two contacts have the same.",
    }),
    contactType: t.expose('contactType', {
      type: ContactType,
      visibility: 'public',
      description: 'How well they are known.',
    }),
    blocked: t.exposeBoolean('blocked', {
      visibility: 'public',
      description: 'A blocked contact can send nothing.',
    }),
    countryCode: t.exposeString('countryCode', {
      nullable: true,
      visibility: 'public',
      description: 'Country as two letters (ISO 3166-1).',
    }),
    location: t.exposeString('location', {
      nullable: true,
      visibility: 'public',
      description: 'City or region.',
    }),
    company: t.exposeString('company', {
      nullable: true,
      visibility: 'public',
      description: 'Where they work.',
    }),
    description: t.exposeString('description', {
      nullable: true,
      visibility: 'team',
      description: 'What the team notes about them.',
    }),
    language: t.exposeString('language', {
      nullable: true,
      visibility: 'public',
      description: 'The language to write to them in (BCP 47).',
    }),
    addresses: t.field({
      type: [Address],
      visibility: 'public',
      description: 'Where they can be reached, with what they typed in themselves.',
      select: { addresses: CONTACT_ADDRESSES },
      resolve: (contact) => contact.addresses,
    }),
    labels: t.exposeStringList('labels', {
      nullable: true,
      visibility: 'team',
      description: 'Labels of the team. Null for a contact.',
    }),
    customAttributes: t.expose('customAttributes', {
      type: 'JSON',
      nullable: true,
      visibility: 'team',
      description: "The team's own fields. Null for a contact.",
    }),
    additionalAttributes: t.expose('additionalAttributes', {
      type: 'JSON',
      nullable: true,
      visibility: 'team',
      description: 'What the upstream system says about them; read-only here.',
    }),
    isOnline: t.boolean({
      visibility: 'public',
      description:
        'Whether a page of theirs is connected: a websocket, or a stream of server-sent events. Up to 15 seconds late when a websocket is lost without a word; with a stream as late as TCP gives it up.',
      resolve: ({ id }, _args, context) => context.isOnline(id),
    }),
    lastActivityAt: t.expose('lastActivityAt', {
      type: 'DateTime',
      nullable: true,
      visibility: 'public',
      description: 'When they last did something.',
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      visibility: 'public',
      description: 'When they became known.',
    }),
    updatedAt: t.expose('updatedAt', {
      type: 'DateTime',
      visibility: 'public',
      description: 'When they last changed.',
    }),
    origin: t.field(ORIGIN),
  }),
});

export const ContactConnection = defineConnection(Contact);
