import { LIMITS } from '../../limits.ts';
import { builder } from '../core/builder.ts';
import { AddressType, ChannelType, Initiator } from '../core/enums.ts';
import { defineMutationInput, expectedVersion, type InputFields } from '../core/mutation.ts';
import { MessageInput } from '../message/input.ts';

/** The input field `conversationId`. */
export function conversationId(t: InputFields) {
  return t.id({ required: true, description: 'Id of the conversation, such as CVR-01JD8X….' });
}

export const ConversationInput = defineMutationInput('ConversationInput', {
  description: 'One conversation, for mutations that take no other values.',
  fields: (t) => ({ conversationId: conversationId(t), expectedVersion: expectedVersion(t) }),
});

const ConversationReferenceInput = builder.inputType('ConversationReferenceInput', {
  description:
    "The channel's own name for a conversation, such as the phone number or LINE user id it came from.",
  fields: (t) => ({
    type: t.field({
      type: ChannelType,
      required: true,
      description: 'Type of the channel that the target belongs to; determines its format.',
    }),
    target: t.string({
      required: true,
      description: `Identifier in the channel, 1 to ${LIMITS.address} characters, such as +14155550123.`,
    }),
  }),
});

const AddressInput = builder.inputType('AddressInput', {
  description: 'An address at which a party of the conversation can be reached.',
  fields: (t) => ({
    type: t.field({
      type: AddressType,
      required: true,
      description: 'Type of the address; determines the format of `target`.',
    }),
    target: t.string({
      required: true,
      description: `The address itself, such as +14155550123 for TEL; at most ${LIMITS.address} characters.`,
    }),
    targetName: t.string({
      description: `Display name of the target in the channel, at most ${LIMITS.name} characters.`,
    }),
    name: t.string({
      description: `Name that the team gave to the address, at most ${LIMITS.name} characters.`,
    }),
    detail: t.string({ description: `Note about the address, at most ${LIMITS.detail} characters.` }),
  }),
});

export const AnswerInput = builder.inputType('AnswerInput', {
  description: 'A question that the contact was asked, and their answer.',
  fields: (t) => ({
    questionId: t.string({
      description: `Id of the question in the upstream system, at most ${LIMITS.name} characters. Identifies the question when it is answered again.`,
    }),
    internalLabel: t.string({
      description: `Name of the question within the team, at most ${LIMITS.name} characters. Contacts don't see it.`,
    }),
    question: t.string({
      required: true,
      description: `Text of the question, 1 to ${LIMITS.question} characters.`,
    }),
    value: t.string({
      description: `Text of the answer, at most ${LIMITS.answer} characters. Omitted or null: not answered.`,
    }),
  }),
});

const ContactInput = builder.inputType('ContactInput', {
  description:
    'A contact to find by email, phoneNumber or identifier, or to create if there is none. At least one field is needed. Values of an existing contact are not overwritten.',
  fields: (t) => ({
    name: t.string({
      description: `Name of a new contact, at most ${LIMITS.name} characters. Default: the email, phone number or identifier.`,
    }),
    email: t.string({
      description: `Email address, at most ${LIMITS.address} characters; stored in lower case.`,
    }),
    phoneNumber: t.string({
      description: 'Phone number in E.164 format: a plus sign and 5 to 15 digits, such as +14155550123.',
    }),
    identifier: t.string({
      description: `Key of the contact in the customer's own system, at most ${LIMITS.name} characters.`,
    }),
  }),
});

export const CreateConversationInput = defineMutationInput('CreateConversationInput', {
  description: 'The channel, contact and first values of a new conversation.',
  fields: (t) => ({
    channelId: t.id({
      description:
        'Id of the channel, CHN-…. Required unless `websiteId` names a website with a default channel. A contact may give the default channel of a website, or one that a conversation of theirs uses.',
    }),
    contactId: t.id({
      description:
        "Id of an existing contact, CTC-…. The team gives either this or `contact`. A contact's own conversation needs neither.",
    }),
    contact: t.field({
      type: ContactInput,
      description: 'A contact to find or create, instead of `contactId`. Team only.',
    }),
    name: t.string({
      description: `Name in conversation lists, at most ${LIMITS.name} characters. Default: the contact's name.`,
    }),
    detail: t.string({
      description: `Longer description, at most ${LIMITS.detail} characters. The contact sees it, too.`,
    }),
    businessUnitId: t.id({
      description: 'Id of the business unit that the conversation belongs to, BUN-…. Team only.',
    }),
    botId: t.id({
      description:
        'Id of the bot that handles the conversation, BOT-…. Omitted or null: the team handles it. Team only.',
    }),
    websiteId: t.id({ description: 'Id of the website on which the conversation began, WEB-….' }),
    audienceId: t.id({
      description: 'Id of the audience at which the conversation was aimed, AUD-…. Team only.',
    }),
    initiatedBy: t.field({
      type: Initiator,
      description:
        'The side that started the conversation. Default: the kind of the viewer (AGENT, BOT or CONTACT). Team only.',
    }),
    reference: t.field({
      type: ConversationReferenceInput,
      description: "The channel's own name for the conversation. Cannot be changed later. Team only.",
    }),
    source: t.field({
      type: AddressInput,
      description: "The organization's own address in the conversation. Team only.",
    }),
    participants: t.field({
      type: [AddressInput],
      description: `Addresses of all parties, at most ${LIMITS.participants}. Team only.`,
    }),
    answers: t.field({
      type: [AnswerInput],
      description: `Questions and answers in display order, at most ${LIMITS.answers}. Team only.`,
    }),
    bookings: t.stringList({
      description: `Ids of bookings in the booking system, at most ${LIMITS.bookings}, each of 1 to ${LIMITS.name} characters. Duplicates are dropped. Team only.`,
    }),
    labels: t.stringList({
      description: `Labels, at most ${LIMITS.labels}, each of 1 to ${LIMITS.label} characters. Surrounding whitespace and duplicates are dropped. Team only.`,
    }),
    customAttributes: t.field({
      type: 'JSON',
      description: `The team's own fields: a JSON object of at most ${LIMITS.customAttributes} bytes. Team only.`,
    }),
    firstMessage: t.field({
      type: MessageInput,
      description: 'The first message, sent by the viewer together with the conversation.',
    }),
  }),
});
