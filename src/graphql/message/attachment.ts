import { builder } from '../core/builder.ts';
import { AttachmentType } from '../core/enums.ts';
import { Node } from '../core/node.ts';

export const Attachment = builder.prismaObject('Attachment', {
  description: 'A file, picture, place or card that is attached to a message.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    message: t.relation('message', {
      // Nullable like TimelineEvent.message: in one selection on Node the types must not conflict.
      nullable: true,
      visibility: 'public',
      description: 'The message that the attachment belongs to. Null if the viewer can no longer see it.',
    }),
    fileName: t.exposeString('fileName', {
      nullable: true,
      visibility: 'public',
      description: 'Name of the file, such as invoice.pdf; null if unknown.',
    }),
    mediaType: t.exposeString('mediaType', {
      nullable: true,
      visibility: 'public',
      description: 'Media type (RFC 6838), such as image/png; null if unknown.',
    }),
    fileType: t.expose('fileType', {
      type: AttachmentType,
      visibility: 'public',
      description: 'Type of the attachment; determines which fields are filled.',
    }),
    extension: t.exposeString('extension', {
      nullable: true,
      visibility: 'public',
      description: 'Extension of the file name without the dot, such as pdf; null if unknown.',
    }),
    dataUrl: t.exposeString('dataUrl', {
      nullable: true,
      visibility: 'public',
      description: 'URL from which to load the file; null if there is none.',
    }),
    thumbUrl: t.exposeString('thumbUrl', {
      nullable: true,
      visibility: 'public',
      description: 'URL of a thumbnail picture; null if there is none.',
    }),
    fileSize: t.exposeFloat('fileSize', {
      nullable: true,
      visibility: 'public',
      description: 'Size of the file in bytes; null if unknown.',
    }),
    width: t.exposeInt('width', {
      nullable: true,
      visibility: 'public',
      description: 'Width of the picture or video in pixels; null if unknown.',
    }),
    height: t.exposeInt('height', {
      nullable: true,
      visibility: 'public',
      description: 'Height of the picture or video in pixels; null if unknown.',
    }),
    latitude: t.exposeFloat('latitude', {
      nullable: true,
      visibility: 'public',
      description: 'Latitude of a place in degrees, north positive; null for other types.',
    }),
    longitude: t.exposeFloat('longitude', {
      nullable: true,
      visibility: 'public',
      description: 'Longitude of a place in degrees, east positive; null for other types.',
    }),
    fallbackTitle: t.exposeString('fallbackTitle', {
      nullable: true,
      visibility: 'public',
      description:
        'Text to show where the attachment cannot be shown, such as the name of a place; null if there is none.',
    }),
    transcribedText: t.exposeString('transcribedText', {
      nullable: true,
      visibility: 'public',
      description: 'Transcript of spoken content; null if there is none.',
    }),
    meta: t.expose('meta', {
      type: 'JSON',
      visibility: 'public',
      description: 'Further properties as given by the sender: a JSON object, empty if there are none.',
    }),
  }),
});
