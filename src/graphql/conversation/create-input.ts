import { LIMITS } from '../../domain/core/limits.ts';
import { builder } from '../core/builder.ts';
import { IDEMPOTENCY_KEY } from '../core/change-input.ts';
import { AddressType, ChannelType, Initiator } from '../core/enums.ts';
import { MessageInput } from '../message/input.ts';

const ConversationReferenceInput = builder.inputType('ConversationReferenceInput', {
  description: "How the conversation entered: the channel's own name for it.",
  fields: (t) => ({
    type: t.field({ type: ChannelType, required: true, description: 'What kind of channel.' }),
    target: t.string({
      required: true,
      description: `Such as a phone number: 1 to ${LIMITS.address} characters.`,
    }),
  }),
});

const AddressInput = builder.inputType('AddressInput', {
  description: 'Where somebody can be reached.',
  fields: (t) => ({
    type: t.field({ type: AddressType, required: true, description: 'What kind of address it is.' }),
    target: t.string({
      required: true,
      description: `The address itself, at most ${LIMITS.address} characters.`,
    }),
    targetName: t.string({ description: 'What the channel calls the target.' }),
    name: t.string({ description: 'A name given to the address.' }),
    detail: t.string({ description: 'More about the address.' }),
  }),
});

export const AnswerInput = builder.inputType('AnswerInput', {
  description: 'A question that the contact was asked, and what they answered.',
  fields: (t) => ({
    questionId: t.string({ description: "The upstream question's own id." }),
    internalLabel: t.string({ description: 'What the team calls the question.' }),
    question: t.string({ required: true, description: `The question: 1 to ${LIMITS.question} characters.` }),
    value: t.string({ description: `The answer, at most ${LIMITS.answer} characters.` }),
  }),
});

const ContactInput = builder.inputType('ContactInput', {
  description: 'A contact to be found by email, phoneNumber or identifier, or else made.',
  fields: (t) => ({
    name: t.string({ description: `Their name, at most ${LIMITS.name} characters.` }),
    email: t.string({ description: 'Their email address.' }),
    phoneNumber: t.string({ description: 'Their phone number in international form, +14155550123.' }),
    identifier: t.string({ description: "The customer's own key for them." }),
  }),
});

export const CreateConversationInput = builder.inputType('CreateConversationInput', {
  description: 'What a new conversation is to be.',
  fields: (t) => ({
    channelId: t.id({ description: 'What it comes in through. May be left out when the website names one.' }),
    contactId: t.id({ description: 'An existing contact. A contact who asks is always themselves.' }),
    contact: t.field({
      type: ContactInput,
      description: 'Instead of contactId: one to be found or made. Not for contacts.',
    }),
    name: t.string({ description: `At most ${LIMITS.name} characters. Left out: the contact's name.` }),
    detail: t.string({ description: `More about it, at most ${LIMITS.detail} characters.` }),
    businessUnitId: t.id({ description: 'The part of the organization that it belongs to.' }),
    botId: t.id({ description: 'The bot that answers it.' }),
    websiteId: t.id({ description: 'The website that it began on.' }),
    audienceId: t.id({ description: 'The audience that it was aimed at.' }),
    initiatedBy: t.field({
      type: Initiator,
      description: 'Who began it. Left out: whoever asks. Not for contacts.',
    }),
    reference: t.field({ type: ConversationReferenceInput, description: "The channel's own name for it." }),
    source: t.field({ type: AddressInput, description: 'Our own address in it. Not for contacts.' }),
    participants: t.field({
      type: [AddressInput],
      description: `Everybody's addresses in it, at most ${LIMITS.participants}. Not for contacts.`,
    }),
    answers: t.field({
      type: [AnswerInput],
      description: `Questions and answers, at most ${LIMITS.answers}.`,
    }),
    bookings: t.stringList({ description: `Ids of bookings, at most ${LIMITS.bookings}.` }),
    labels: t.stringList({
      description: `At most ${LIMITS.labels}, each of at most ${LIMITS.label} characters. Not for contacts.`,
    }),
    customAttributes: t.field({
      type: 'JSON',
      description: `The team's own fields: a JSON object of at most ${LIMITS.customAttributes} bytes. Not for contacts.`,
    }),
    firstMessage: t.field({ type: MessageInput, description: 'What is said first, by whoever asks.' }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});
