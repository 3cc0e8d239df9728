import type { Prisma } from '../../db/generated/prisma/client.ts';
import { newId } from '../../ids.ts';
import { LIMITS } from '../../limits.ts';
import { toStoredUrl, type Validation } from '../core/validation.ts';
import { isTeam, type Viewer } from '../core/viewer.ts';
import type { AttachmentInput, MessageInput } from './input.ts';

/** Reports issues of a message's content. `prefix` is the path of its fields. */
export function validateContent(
  validation: Validation,
  viewer: Viewer,
  { input, prefix = '' }: { input: MessageInput; prefix?: string },
) {
  const attachments = input.attachments ?? [];
  if (!isTeam(viewer)) refuseTeamContent(validation, input, prefix);
  validation.text(`${prefix}content`, input.content, LIMITS.message);
  validation.object(`${prefix}contentAttributes`, input.contentAttributes, LIMITS.contentAttributes);
  validation.list(`${prefix}attachments`, attachments, LIMITS.attachments, (path, attachment) => {
    validation.text(`${path}.fileName`, attachment.fileName, LIMITS.name);
    validation.text(`${path}.mediaType`, attachment.mediaType, LIMITS.name);
    validation.text(`${path}.extension`, attachment.extension, LIMITS.name);
    validation.text(`${path}.fallbackTitle`, attachment.fallbackTitle, LIMITS.name);
    validation.text(`${path}.transcribedText`, attachment.transcribedText, LIMITS.message);
    validation.url(`${path}.dataUrl`, attachment.dataUrl);
    validation.url(`${path}.thumbUrl`, attachment.thumbUrl);
    validation.object(`${path}.meta`, attachment.meta, LIMITS.contentAttributes);
  });
  const isText = (input.contentType ?? 'TEXT') === 'TEXT';
  if (isText && attachments.length === 0 && (input.content ?? '').trim() === '') {
    validation.addIssue(
      `${prefix}content`,
      'REQUIRED',
      `is empty; give 1 to ${LIMITS.message} characters, or an attachment.`,
    );
  }
}

// A contact writes text and attachments, and answers forms. The other types say what a page shows and links to.
function refuseTeamContent(
  validation: Validation,
  { contentType, contentAttributes }: MessageInput,
  prefix: string,
) {
  if ((contentType ?? 'TEXT') !== 'TEXT') {
    validation.addIssue(`${prefix}contentType`, 'NOT_ALLOWED', 'is for the team; a contact sends TEXT.');
  }
  if (contentAttributes != null) {
    validation.addIssue(`${prefix}contentAttributes`, 'NOT_ALLOWED', 'is for the team.');
  }
}

export function toContentColumns({ content, contentType, contentAttributes }: MessageInput) {
  return {
    content: content ?? null,
    contentType: contentType ?? ('TEXT' as const),
    contentAttributes: (contentAttributes ?? {}) as Prisma.JsonObject,
  };
}

export function toAttachmentColumns({ meta, ...attachment }: AttachmentInput, ordinal: number) {
  const { dataUrl, thumbUrl } = attachment;
  return {
    ...attachment,
    dataUrl: toStoredUrl(dataUrl),
    thumbUrl: toStoredUrl(thumbUrl),
    id: newId('Attachment'),
    ordinal,
    meta: (meta ?? {}) as Prisma.InputJsonObject,
  };
}
