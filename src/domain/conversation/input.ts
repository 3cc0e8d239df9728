import type {
  AddressType,
  ChannelType,
  ConversationPriority,
  ConversationStatus,
  Initiator,
} from '../../db/generated/prisma/enums.ts';
import type { ContactInput } from '../contact/input.ts';
import type { IdempotentInput, Maybe } from '../core/input.ts';
import type { ListChange } from '../core/list-change.ts';
import type { ConversationInput } from '../core/mutation.ts';
import type { References } from '../core/references.ts';
import type { MessageInput } from '../message/input.ts';

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

/** An omitted field stays; null clears it. */
export interface UpdateConversationInput extends ConversationInput, References {
  name?: Maybe<string>;
  detail?: Maybe<string>;
  /** JSON merge patch (RFC 7386). */
  customAttributes?: unknown;
  addBookings?: Maybe<readonly string[]>;
  removeBookings?: Maybe<readonly string[]>;
}

/** An omitted field stays; an ownerId or priority of null clears it. */
export interface UpdateConversationsInput extends IdempotentInput, StatusInput {
  conversationIds: readonly string[];
  ownerId?: Maybe<string>;
  priority?: Maybe<ConversationPriority>;
  addLabels?: Maybe<readonly string[]>;
  removeLabels?: Maybe<readonly string[]>;
}

export interface StatusInput {
  status?: Maybe<ConversationStatus>;
  snoozedUntil?: Maybe<Date>;
}

export interface RenameConversationInput extends ConversationInput {
  name: string;
  detail?: Maybe<string>;
}

export interface SetConversationStatusInput extends ConversationInput, StatusInput {
  status: ConversationStatus;
}

export interface SetConversationPriorityInput extends ConversationInput {
  priority?: Maybe<ConversationPriority>;
}

export interface SetConversationLabelsInput extends ConversationInput, ListChange {}

export interface RecordAnswersInput extends ConversationInput {
  answers: readonly AnswerInput[];
}

export interface MarkConversationReadInput extends IdempotentInput {
  conversationId: string;
  upToSeq?: Maybe<number>;
}

export interface AssignConversationInput extends ConversationInput {
  userId?: Maybe<string>;
}

export interface HandOverConversationInput extends IdempotentInput {
  conversationId: string;
  /** Id of a user or a bot; without one, the queue of the team. */
  to?: Maybe<string>;
  note?: Maybe<string>;
}

export interface ConversationMemberInput extends ConversationInput {
  userId: string;
}
