import { builder } from '../core/builder.ts';
import { AttachmentType } from '../core/enums.ts';
import { Node } from '../core/node.ts';

export const Attachment = builder.prismaObject('Attachment', {
  description: 'What is attached to a message: a picture, a file, a place.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    message: t.relation('message', {
      // As of TimelineEvent.message, beside which it can be selected.
      nullable: true,
      visibility: 'public',
      description: 'The message that it belongs to.',
    }),
    fileName: t.exposeString('fileName', {
      nullable: true,
      visibility: 'public',
      description: 'Name of the file.',
    }),
    mediaType: t.exposeString('mediaType', {
      nullable: true,
      visibility: 'public',
      description: 'Media type, such as image/png.',
    }),
    fileType: t.expose('fileType', {
      type: AttachmentType,
      visibility: 'public',
      description: 'What it is.',
    }),
    extension: t.exposeString('extension', {
      nullable: true,
      visibility: 'public',
      description: 'Ending of the file name, without the dot.',
    }),
    dataUrl: t.exposeString('dataUrl', {
      nullable: true,
      visibility: 'public',
      description: 'Where to load it.',
    }),
    thumbUrl: t.exposeString('thumbUrl', {
      nullable: true,
      visibility: 'public',
      description: 'Where to load a small picture of it.',
    }),
    fileSize: t.exposeFloat('fileSize', { nullable: true, visibility: 'public', description: 'Bytes.' }),
    width: t.exposeInt('width', { nullable: true, visibility: 'public', description: 'Pixels.' }),
    height: t.exposeInt('height', { nullable: true, visibility: 'public', description: 'Pixels.' }),
    latitude: t.exposeFloat('latitude', {
      nullable: true,
      visibility: 'public',
      description: 'Degrees north.',
    }),
    longitude: t.exposeFloat('longitude', {
      nullable: true,
      visibility: 'public',
      description: 'Degrees east.',
    }),
    fallbackTitle: t.exposeString('fallbackTitle', {
      nullable: true,
      visibility: 'public',
      description: 'What to show where it can not be shown itself.',
    }),
    transcribedText: t.exposeString('transcribedText', {
      nullable: true,
      visibility: 'public',
      description: 'What is said in it.',
    }),
    meta: t.expose('meta', {
      type: 'JSON',
      visibility: 'public',
      description: 'More about it, as the sender gave it.',
    }),
  }),
});
