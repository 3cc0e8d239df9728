import type {
  AddressType,
  AttachmentType,
  ChannelType,
  ConversationStatus,
  DeliveryStatus,
  Initiator,
  MessageContentType,
} from '../../db/generated/prisma/enums.ts';

/** An optional input field. GraphQL clients may send null or leave the field out. */
export type Maybe<T> = T | null | undefined;

/** Common field of all mutation inputs. */
export interface IdempotentInput {
  idempotencyKey?: Maybe<string>;
}

export interface AddressInput {
  type: AddressType;
  target: string;
  targetName?: Maybe<string>;
  name?: Maybe<string>;
  detail?: Maybe<string>;
}

export interface AnswerInput {
  questionId?: Maybe<string>;
  internalLabel?: Maybe<string>;
  question: string;
  value?: Maybe<string>;
}

export interface ContactInput {
  name?: Maybe<string>;
  email?: Maybe<string>;
  phoneNumber?: Maybe<string>;
  identifier?: Maybe<string>;
}

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

export interface CreateConversationInput extends IdempotentInput {
  channelId?: Maybe<string>;
  contactId?: Maybe<string>;
  contact?: Maybe<ContactInput>;
  name?: Maybe<string>;
  detail?: Maybe<string>;
  businessUnitId?: Maybe<string>;
  botId?: Maybe<string>;
  websiteId?: Maybe<string>;
  audienceId?: Maybe<string>;
  initiatedBy?: Maybe<Initiator>;
  reference?: Maybe<{ type: ChannelType; target: string }>;
  source?: Maybe<AddressInput>;
  participants?: Maybe<readonly AddressInput[]>;
  answers?: Maybe<readonly AnswerInput[]>;
  bookings?: Maybe<readonly string[]>;
  labels?: Maybe<readonly string[]>;
  customAttributes?: unknown;
  firstMessage?: Maybe<MessageInput>;
}

export interface RenameConversationInput extends IdempotentInput {
  conversationId: string;
  name: string;
  detail?: Maybe<string>;
  expectedVersion?: Maybe<number>;
}

export interface SetConversationStatusInput extends IdempotentInput {
  conversationId: string;
  status: ConversationStatus;
  snoozedUntil?: Maybe<Date>;
  expectedVersion?: Maybe<number>;
}

export interface MarkConversationReadInput extends IdempotentInput {
  conversationId: string;
  upToSeq?: Maybe<number>;
}

export interface AssignConversationInput extends IdempotentInput {
  conversationId: string;
  userId?: Maybe<string>;
  expectedVersion?: Maybe<number>;
}
