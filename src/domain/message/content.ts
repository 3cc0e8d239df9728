import type { Prisma } from '../../db/generated/prisma/client.ts';
import { newId } from '../../ids.ts';
import { LIMITS } from '../../limits.ts';
import type { Validation } from '../core/validation.ts';
import type { AttachmentInput, MessageInput } from './input.ts';

/** Reports issues of a message's content. `prefix` is the path of its fields. */
export function validateContent(validation: Validation, input: MessageInput, prefix = '') {
  const attachments = input.attachments ?? [];
  validation.text(`${prefix}content`, input.content, LIMITS.message);
  validation.list(`${prefix}attachments`, attachments, LIMITS.attachments);
  validation.object(`${prefix}contentAttributes`, input.contentAttributes, LIMITS.contentAttributes);
  for (const [index, attachment] of attachments.entries()) {
    const path = `${prefix}attachments.${index}`;
    validation.text(`${path}.fileName`, attachment.fileName, LIMITS.name);
    validation.text(`${path}.mediaType`, attachment.mediaType, LIMITS.name);
    validation.text(`${path}.extension`, attachment.extension, LIMITS.name);
    validation.text(`${path}.fallbackTitle`, attachment.fallbackTitle, LIMITS.name);
    validation.text(`${path}.transcribedText`, attachment.transcribedText, LIMITS.message);
    validation.url(`${path}.dataUrl`, attachment.dataUrl, LIMITS.url);
    validation.url(`${path}.thumbUrl`, attachment.thumbUrl, LIMITS.url);
    validation.object(`${path}.meta`, attachment.meta, LIMITS.contentAttributes);
  }
  const isText = (input.contentType ?? 'TEXT') === 'TEXT';
  if (isText && attachments.length === 0 && (input.content ?? '').trim() === '') {
    validation.addIssue(
      `${prefix}content`,
      'REQUIRED',
      `is empty; give 1 to ${LIMITS.message} characters, or an attachment.`,
    );
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
  return { ...attachment, id: newId('Attachment'), ordinal, meta: (meta ?? {}) as Prisma.InputJsonObject };
}
