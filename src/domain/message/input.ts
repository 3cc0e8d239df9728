import type { AttachmentType, DeliveryStatus, MessageContentType } from '../../db/generated/prisma/enums.ts';
import type { IdempotentInput, Maybe } from '../core/input.ts';

export interface AttachmentInput {
  fileType: AttachmentType;
  fileName?: Maybe<string>;
  mediaType?: Maybe<string>;
  dataUrl?: Maybe<string>;
  thumbUrl?: Maybe<string>;
  extension?: Maybe<string>;
  fileSize?: Maybe<number>;
  width?: Maybe<number>;
  height?: Maybe<number>;
  latitude?: Maybe<number>;
  longitude?: Maybe<number>;
  fallbackTitle?: Maybe<string>;
  transcribedText?: Maybe<string>;
  meta?: unknown;
}

export interface MessageInput {
  content?: Maybe<string>;
  contentType?: Maybe<MessageContentType>;
  contentAttributes?: unknown;
  attachments?: Maybe<readonly AttachmentInput[]>;
}

export interface SendMessageInput extends MessageInput, IdempotentInput {
  conversationId: string;
  isPrivate?: Maybe<boolean>;
  replyToId?: Maybe<string>;
  mentionedUserIds?: Maybe<readonly string[]>;
  expectedLastSeq?: Maybe<number>;
}

export interface UpdateMessageInput extends IdempotentInput {
  messageId: string;
  content?: Maybe<string>;
  contentAttributes?: unknown;
  deliveryStatus?: Maybe<DeliveryStatus>;
}

export interface DeleteMessageInput extends IdempotentInput {
  messageId: string;
}

export interface FormValueInput {
  name: string;
  value: string;
}

export interface SubmitMessageFormInput extends IdempotentInput {
  messageId: string;
  values: readonly FormValueInput[];
}
