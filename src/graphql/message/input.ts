import { LIMITS } from '../../domain/core/limits.ts';
import { builder } from '../core/builder.ts';
import { IDEMPOTENCY_KEY } from '../core/change-input.ts';
import { AttachmentType, MessageContentType } from '../core/enums.ts';

const AttachmentInput = builder.inputType('AttachmentInput', {
  description: 'What is attached to a message. Upload it first, and give its address.',
  fields: (t) => ({
    fileType: t.field({ type: AttachmentType, required: true, description: 'What it is.' }),
    fileName: t.string({ description: `Name of the file, at most ${LIMITS.name} characters.` }),
    mediaType: t.string({ description: 'Media type, such as image/png.' }),
    dataUrl: t.string({ description: `Where to load it, at most ${LIMITS.url} characters.` }),
    thumbUrl: t.string({ description: 'Where to load a small picture of it.' }),
    extension: t.string({ description: 'Ending of the file name, without the dot.' }),
    fileSize: t.float({ description: 'Bytes.' }),
    width: t.int({ description: 'Pixels.' }),
    height: t.int({ description: 'Pixels.' }),
    latitude: t.float({ description: 'Degrees north.' }),
    longitude: t.float({ description: 'Degrees east.' }),
    fallbackTitle: t.string({ description: 'What to show where it can not be shown itself.' }),
    transcribedText: t.string({ description: 'What is said in it.' }),
    meta: t.field({ type: 'JSON', description: 'More about it: a JSON object.' }),
  }),
});

type InputFields = PothosSchemaTypes.InputFieldBuilder<(typeof builder)['$inferSchemaTypes'], 'InputObject'>;

/** What every message can hold. */
const contentFields = (t: InputFields) => ({
  content: t.string({
    description: `The text, at most ${LIMITS.message} characters. Needed for TEXT without attachments.`,
  }),
  contentType: t.field({
    type: MessageContentType,
    defaultValue: 'TEXT',
    description: 'What it holds besides its text.',
  }),
  contentAttributes: t.field({
    type: 'JSON',
    description: `What belongs to its contentType: a JSON object of at most ${LIMITS.contentAttributes} bytes.`,
  }),
  attachments: t.field({
    type: [AttachmentInput],
    description: `What is attached, at most ${LIMITS.attachments}.`,
  }),
});

export const MessageInput = builder.inputType('MessageInput', {
  description: 'The first message of a new conversation.',
  fields: contentFields,
});

export const SendMessageInput = builder.inputType('SendMessageInput', {
  description: 'What to write, and where.',
  fields: (t) => ({
    conversationId: t.id({ required: true, description: 'Which conversation.' }),
    ...contentFields(t),
    isPrivate: t.boolean({
      defaultValue: false,
      description: 'A note among the team, never shown to a contact. Not for contacts.',
    }),
    replyToId: t.id({ description: 'The message of the same conversation that it answers.' }),
    mentionedUserIds: t.idList({
      description: `Team members that a note mentions, at most ${LIMITS.mentions}. Not for contacts.`,
    }),
    expectedLastSeq: t.int({
      description:
        'The newest message that the writer has seen. If there is a newer one, the answer is NewerMessagesError and nothing is sent.',
    }),
    idempotencyKey: t.string({ description: `${IDEMPOTENCY_KEY} The message has it as its clientKey.` }),
  }),
});
