import { LIMITS } from '../../limits.ts';
import { builder } from '../core/builder.ts';
import { AttachmentType, MessageContentType } from '../core/enums.ts';
import { type InputFields, MEDIA_URL_RULE } from '../core/mutation.ts';

const AttachmentInput = builder.inputType('AttachmentInput', {
  description:
    'An attachment of a new message. The client uploads the file elsewhere first and gives its URL here.',
  fields: (t) => ({
    fileType: t.field({
      type: AttachmentType,
      required: true,
      description: 'Type of the attachment; determines which fields clients show.',
    }),
    fileName: t.string({
      description: `Name of the file, such as invoice.pdf; at most ${LIMITS.name} characters.`,
    }),
    mediaType: t.string({
      description: `Media type (RFC 6838), such as image/png; at most ${LIMITS.name} characters.`,
    }),
    dataUrl: t.string({
      description: `URL from which to load the file: ${MEDIA_URL_RULE}`,
    }),
    thumbUrl: t.string({
      description: `URL of a thumbnail picture: ${MEDIA_URL_RULE}`,
    }),
    extension: t.string({
      description: `Extension of the file name without the dot, such as pdf; at most ${LIMITS.name} characters.`,
    }),
    fileSize: t.float({ description: 'Size of the file in bytes.' }),
    width: t.int({ description: 'Width of the picture or video in pixels.' }),
    height: t.int({ description: 'Height of the picture or video in pixels.' }),
    latitude: t.float({ description: 'Latitude of a place in degrees, north positive.' }),
    longitude: t.float({ description: 'Longitude of a place in degrees, east positive.' }),
    fallbackTitle: t.string({
      description: `Text to show where the attachment cannot be shown, such as the name of a place; at most ${LIMITS.name} characters.`,
    }),
    transcribedText: t.string({
      description: `Transcript of spoken content, at most ${LIMITS.message} characters.`,
    }),
    meta: t.field({
      type: 'JSON',
      description: `Further properties: a JSON object of at most ${LIMITS.contentAttributes} bytes. No text in it may be a URL that runs, such as javascript:.`,
    }),
  }),
});

/** Input fields with the content of a new message. */
export function contentFields(t: InputFields) {
  return {
    content: t.string({
      description: `Text of the message, at most ${LIMITS.message} characters. Required for TEXT without attachments.`,
    }),
    contentType: t.field({
      type: MessageContentType,
      defaultValue: 'TEXT',
      description:
        'Kind of content; determines the format of `contentAttributes`. A contact sends TEXT alone.',
    }),
    contentAttributes: t.field({
      type: 'JSON',
      description: `Values that depend on contentType, such as the items of a choice: a JSON object of at most ${LIMITS.contentAttributes} bytes. No text in it may be a URL that runs, such as javascript:. Team only.`,
    }),
    attachments: t.field({
      type: [AttachmentInput],
      description: `Attachments in display order, at most ${LIMITS.attachments}.`,
    }),
  };
}

export const MessageInput = builder.inputType('MessageInput', {
  description: 'Content of the first message of a new conversation.',
  fields: contentFields,
});
