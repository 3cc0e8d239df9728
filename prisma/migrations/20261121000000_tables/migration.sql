-- The tables of schema.prisma.

-- CreateEnum
CREATE TYPE "ConversationStatus" AS ENUM ('OPEN', 'PENDING', 'SNOOZED', 'RESOLVED', 'CLOSED', 'ABANDONED', 'SPAM');

-- CreateEnum
CREATE TYPE "ConversationPriority" AS ENUM ('LOW', 'MEDIUM', 'HIGH', 'URGENT');

-- CreateEnum
CREATE TYPE "Initiator" AS ENUM ('CONTACT', 'BOT', 'AGENT', 'SYSTEM');

-- CreateEnum
CREATE TYPE "Handler" AS ENUM ('BOT', 'TEAM');

-- CreateEnum
CREATE TYPE "AddressType" AS ENUM ('TEL', 'EMAIL', 'LINE', 'WHATSAPP', 'WEBCHAT', 'WEB_SESSION', 'SIP', 'EXTENSION', 'AGENT', 'AI', 'AI_TEAM', 'CONFERENCE', 'OTHER');

-- CreateEnum
CREATE TYPE "SourceSystem" AS ENUM ('VOIPBIN', 'ONCEHUB', 'CHATWOOT', 'IMBRACE');

-- CreateEnum
CREATE TYPE "ChannelType" AS ENUM ('WEB', 'API', 'MESSAGE', 'LINE', 'WHATSAPP', 'FACEBOOK', 'INSTAGRAM', 'WECHAT', 'WECOM', 'TELEGRAM', 'EMAIL', 'VOICE', 'OTHER');

-- CreateEnum
CREATE TYPE "ContactType" AS ENUM ('VISITOR', 'LEAD', 'CUSTOMER');

-- CreateEnum
CREATE TYPE "UserRole" AS ENUM ('AGENT', 'ADMIN');

-- CreateEnum
CREATE TYPE "Availability" AS ENUM ('ONLINE', 'BUSY', 'OFFLINE');

-- CreateEnum
CREATE TYPE "MessageDirection" AS ENUM ('INCOMING', 'OUTGOING', 'ACTIVITY', 'TEMPLATE');

-- CreateEnum
CREATE TYPE "MessageContentType" AS ENUM ('TEXT', 'INPUT_TEXT', 'INPUT_TEXTAREA', 'INPUT_EMAIL', 'INPUT_SELECT', 'INPUT_CSAT', 'CARDS', 'FORM', 'ARTICLE', 'INCOMING_EMAIL', 'STICKER', 'INTEGRATION', 'VOICE_CALL', 'VIDEO_CALL', 'QUICK_REPLIES', 'OTHER');

-- CreateEnum
CREATE TYPE "MessageStatus" AS ENUM ('SENDING', 'SENT', 'DELIVERED', 'READ', 'FAILED');

-- CreateEnum
CREATE TYPE "AttachmentType" AS ENUM ('IMAGE', 'AUDIO', 'VIDEO', 'FILE', 'LOCATION', 'FALLBACK', 'SHARE', 'STORY_MENTION', 'CONTACT', 'IG_REEL', 'EMBED', 'STICKER', 'TEMPLATE', 'OTHER');

-- CreateEnum
CREATE TYPE "EventType" AS ENUM ('CREATED', 'RENAMED', 'STATUS_CHANGED', 'PRIORITY_CHANGED', 'LABELS_CHANGED', 'ASSIGNED', 'MEMBER_ADDED', 'MEMBER_REMOVED', 'ANSWERS_RECORDED', 'HANDED_OVER', 'UPDATED', 'VIDEO_CALL_STARTED', 'MESSAGE_ADDED', 'MESSAGE_CHANGED', 'READ', 'DELETED', 'RESTORED', 'CONTACT_CHANGED', 'USER_CHANGED', 'CHANNEL_CHANGED', 'SETTINGS_CHANGED');

-- CreateTable
CREATE TABLE "Organization" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "Organization_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Feed" (
    "organizationId" TEXT NOT NULL,
    "epoch" BYTEA NOT NULL,
    "cursorKey" BYTEA NOT NULL,
    "head" BIGINT NOT NULL DEFAULT 0,
    "lastNumber" INTEGER NOT NULL DEFAULT 0,
    "sweptTo" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "Feed_pkey" PRIMARY KEY ("organizationId")
);

-- CreateTable
CREATE TABLE "BusinessUnit" (
    "id" TEXT NOT NULL,
    "organizationId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "originSystem" "SourceSystem",
    "originAccount" TEXT,
    "originExternalId" TEXT,
    "originExternalStatus" TEXT,
    "originReceivedAt" TIMESTAMPTZ(3),

    CONSTRAINT "BusinessUnit_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Channel" (
    "id" TEXT NOT NULL,
    "organizationId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "type" "ChannelType" NOT NULL,
    "isActive" BOOLEAN NOT NULL DEFAULT true,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "originSystem" "SourceSystem",
    "originAccount" TEXT,
    "originExternalId" TEXT,
    "originExternalStatus" TEXT,
    "originReceivedAt" TIMESTAMPTZ(3),

    CONSTRAINT "Channel_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "User" (
    "id" TEXT NOT NULL,
    "organizationId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "displayName" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "avatarUrl" TEXT,
    "role" "UserRole" NOT NULL DEFAULT 'AGENT',
    "availability" "Availability" NOT NULL DEFAULT 'ONLINE',
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "removedAt" TIMESTAMPTZ(3),
    "originSystem" "SourceSystem",
    "originAccount" TEXT,
    "originExternalId" TEXT,
    "originExternalStatus" TEXT,
    "originReceivedAt" TIMESTAMPTZ(3),

    CONSTRAINT "User_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Bot" (
    "id" TEXT NOT NULL,
    "organizationId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "avatarUrl" TEXT,
    "description" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "removedAt" TIMESTAMPTZ(3),
    "originSystem" "SourceSystem",
    "originAccount" TEXT,
    "originExternalId" TEXT,
    "originExternalStatus" TEXT,
    "originReceivedAt" TIMESTAMPTZ(3),

    CONSTRAINT "Bot_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Website" (
    "id" TEXT NOT NULL,
    "organizationId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "url" TEXT NOT NULL,
    "channelId" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "originSystem" "SourceSystem",
    "originAccount" TEXT,
    "originExternalId" TEXT,
    "originExternalStatus" TEXT,
    "originReceivedAt" TIMESTAMPTZ(3),

    CONSTRAINT "Website_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Audience" (
    "id" TEXT NOT NULL,
    "organizationId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "originSystem" "SourceSystem",
    "originAccount" TEXT,
    "originExternalId" TEXT,
    "originExternalStatus" TEXT,
    "originReceivedAt" TIMESTAMPTZ(3),

    CONSTRAINT "Audience_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Contact" (
    "id" TEXT NOT NULL,
    "organizationId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "firstName" TEXT,
    "middleName" TEXT,
    "lastName" TEXT,
    "email" TEXT,
    "phoneNumber" TEXT,
    "avatarUrl" TEXT,
    "identifier" TEXT,
    "type" "ContactType" NOT NULL DEFAULT 'VISITOR',
    "blocked" BOOLEAN NOT NULL DEFAULT false,
    "countryCode" TEXT,
    "location" TEXT,
    "company" TEXT,
    "description" TEXT,
    "language" TEXT,
    "labels" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "customAttributes" JSONB NOT NULL DEFAULT '{}',
    "additionalAttributes" JSONB NOT NULL DEFAULT '{}',
    "lastActivityAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "originSystem" "SourceSystem",
    "originAccount" TEXT,
    "originExternalId" TEXT,
    "originExternalStatus" TEXT,
    "originReceivedAt" TIMESTAMPTZ(3),

    CONSTRAINT "Contact_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ContactAddress" (
    "organizationId" TEXT NOT NULL,
    "contactId" TEXT NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "type" "AddressType" NOT NULL,
    "target" TEXT NOT NULL,
    "targetName" TEXT,
    "name" TEXT,
    "detail" TEXT,

    CONSTRAINT "ContactAddress_pkey" PRIMARY KEY ("organizationId","contactId","ordinal")
);

-- CreateTable
CREATE TABLE "Conversation" (
    "id" TEXT NOT NULL,
    "organizationId" TEXT NOT NULL,
    "uuid" UUID NOT NULL,
    "number" INTEGER,
    "publicId" TEXT NOT NULL,
    "businessUnitId" TEXT,
    "name" TEXT NOT NULL,
    "detail" TEXT,
    "status" "ConversationStatus" NOT NULL DEFAULT 'OPEN',
    "priority" "ConversationPriority",
    "snoozedUntil" TIMESTAMPTZ(3),
    "initiatedBy" "Initiator" NOT NULL,
    "referenceType" "ChannelType",
    "referenceTarget" TEXT,
    "sourceType" "AddressType",
    "sourceTarget" TEXT,
    "sourceTargetName" TEXT,
    "sourceName" TEXT,
    "sourceDetail" TEXT,
    "channelId" TEXT NOT NULL,
    "contactId" TEXT NOT NULL,
    "ownerId" TEXT,
    "botId" TEXT,
    "handledBy" "Handler" NOT NULL DEFAULT 'TEAM',
    "websiteId" TEXT,
    "audienceId" TEXT,
    "bookings" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "labels" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "customAttributes" JSONB NOT NULL DEFAULT '{}',
    "lastSeq" INTEGER NOT NULL DEFAULT 0,
    "lastPublicSeq" INTEGER NOT NULL DEFAULT 0,
    "lastMessageId" TEXT,
    "lastPublicMessageId" TEXT,
    "incomingCount" INTEGER NOT NULL DEFAULT 0,
    "publicOutgoingCount" INTEGER NOT NULL DEFAULT 0,
    "contactLastReadSeq" INTEGER NOT NULL DEFAULT 0,
    "contactLastReadPublicSeq" INTEGER NOT NULL DEFAULT 0,
    "contactReadCount" INTEGER NOT NULL DEFAULT 0,
    "contactLastSeenAt" TIMESTAMPTZ(3),
    "agentLastSeenAt" TIMESTAMPTZ(3),
    "waitingSince" TIMESTAMPTZ(3),
    "firstRepliedAt" TIMESTAMPTZ(3),
    "resolvedAt" TIMESTAMPTZ(3),
    "reopenedCount" INTEGER NOT NULL DEFAULT 0,
    "lastInteractedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "deletedAt" TIMESTAMPTZ(3),
    "version" INTEGER NOT NULL DEFAULT 1,
    "originSystem" "SourceSystem",
    "originAccount" TEXT,
    "originExternalId" TEXT,
    "originExternalStatus" TEXT,
    "originReceivedAt" TIMESTAMPTZ(3),

    CONSTRAINT "Conversation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ConversationMember" (
    "organizationId" TEXT NOT NULL,
    "conversationId" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "joinedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "addedById" TEXT,
    "lastReadSeq" INTEGER NOT NULL DEFAULT 0,
    "readCount" INTEGER NOT NULL DEFAULT 0,
    "isUnread" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "ConversationMember_pkey" PRIMARY KEY ("organizationId","conversationId","userId")
);

-- CreateTable
CREATE TABLE "ConversationAddress" (
    "organizationId" TEXT NOT NULL,
    "conversationId" TEXT NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "type" "AddressType" NOT NULL,
    "target" TEXT NOT NULL,
    "targetName" TEXT,
    "name" TEXT,
    "detail" TEXT,

    CONSTRAINT "ConversationAddress_pkey" PRIMARY KEY ("organizationId","conversationId","ordinal")
);

-- CreateTable
CREATE TABLE "Answer" (
    "organizationId" TEXT NOT NULL,
    "conversationId" TEXT NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "questionId" TEXT,
    "internalLabel" TEXT,
    "question" TEXT NOT NULL,
    "value" TEXT,

    CONSTRAINT "Answer_pkey" PRIMARY KEY ("organizationId","conversationId","ordinal")
);

-- CreateTable
CREATE TABLE "Message" (
    "id" TEXT NOT NULL,
    "organizationId" TEXT NOT NULL,
    "conversationId" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,
    "publicSeq" INTEGER,
    "direction" "MessageDirection" NOT NULL,
    "contentType" "MessageContentType" NOT NULL DEFAULT 'TEXT',
    "content" TEXT,
    "contentAttributes" JSONB NOT NULL DEFAULT '{}',
    "isPrivate" BOOLEAN NOT NULL DEFAULT false,
    "senderUserId" TEXT,
    "senderContactId" TEXT,
    "senderBotId" TEXT,
    "replyToId" TEXT,
    "status" "MessageStatus" NOT NULL DEFAULT 'SENT',
    "clientKey" TEXT,
    "incomingCount" INTEGER NOT NULL,
    "publicOutgoingCount" INTEGER NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "editedAt" TIMESTAMPTZ(3),
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "deletedAt" TIMESTAMPTZ(3),
    "originSystem" "SourceSystem",
    "originAccount" TEXT,
    "originExternalId" TEXT,
    "originExternalStatus" TEXT,
    "originReceivedAt" TIMESTAMPTZ(3),

    CONSTRAINT "Message_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Attachment" (
    "id" TEXT NOT NULL,
    "organizationId" TEXT NOT NULL,
    "messageId" TEXT NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "fileName" TEXT,
    "contentType" TEXT,
    "fileType" "AttachmentType" NOT NULL,
    "extension" TEXT,
    "dataUrl" TEXT,
    "thumbUrl" TEXT,
    "fileSize" DOUBLE PRECISION,
    "width" INTEGER,
    "height" INTEGER,
    "latitude" DOUBLE PRECISION,
    "longitude" DOUBLE PRECISION,
    "fallbackTitle" TEXT,
    "transcribedText" TEXT,
    "meta" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "Attachment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Mention" (
    "organizationId" TEXT NOT NULL,
    "messageId" TEXT NOT NULL,
    "userId" TEXT NOT NULL,

    CONSTRAINT "Mention_pkey" PRIMARY KEY ("organizationId","messageId","userId")
);

-- CreateTable
CREATE TABLE "Event" (
    "id" TEXT NOT NULL,
    "organizationId" TEXT NOT NULL,
    "position" BIGINT,
    "type" "EventType" NOT NULL,
    "actorUserId" TEXT,
    "actorContactId" TEXT,
    "actorBotId" TEXT,
    "conversationId" TEXT,
    "contactId" TEXT,
    "messageId" TEXT,
    "subjectUserId" TEXT,
    "subjectBotId" TEXT,
    "isPublic" BOOLEAN NOT NULL,
    "changes" JSONB NOT NULL DEFAULT '[]',
    "occurredAt" TIMESTAMPTZ(3),

    CONSTRAINT "Event_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "BusinessUnit_organizationId_id_key" ON "BusinessUnit"("organizationId", "id");

-- CreateIndex
CREATE UNIQUE INDEX "BusinessUnit_organizationId_originSystem_originAccount_orig_key" ON "BusinessUnit"("organizationId", "originSystem", "originAccount", "originExternalId");

-- CreateIndex
CREATE UNIQUE INDEX "Channel_organizationId_id_key" ON "Channel"("organizationId", "id");

-- CreateIndex
CREATE UNIQUE INDEX "Channel_organizationId_originSystem_originAccount_originExt_key" ON "Channel"("organizationId", "originSystem", "originAccount", "originExternalId");

-- CreateIndex
CREATE UNIQUE INDEX "User_organizationId_id_key" ON "User"("organizationId", "id");

-- CreateIndex
CREATE UNIQUE INDEX "User_organizationId_email_key" ON "User"("organizationId", "email");

-- CreateIndex
CREATE UNIQUE INDEX "User_organizationId_originSystem_originAccount_originExtern_key" ON "User"("organizationId", "originSystem", "originAccount", "originExternalId");

-- CreateIndex
CREATE UNIQUE INDEX "Bot_organizationId_id_key" ON "Bot"("organizationId", "id");

-- CreateIndex
CREATE UNIQUE INDEX "Bot_organizationId_originSystem_originAccount_originExterna_key" ON "Bot"("organizationId", "originSystem", "originAccount", "originExternalId");

-- CreateIndex
CREATE UNIQUE INDEX "Website_organizationId_id_key" ON "Website"("organizationId", "id");

-- CreateIndex
CREATE UNIQUE INDEX "Website_organizationId_originSystem_originAccount_originExt_key" ON "Website"("organizationId", "originSystem", "originAccount", "originExternalId");

-- CreateIndex
CREATE UNIQUE INDEX "Audience_organizationId_id_key" ON "Audience"("organizationId", "id");

-- CreateIndex
CREATE UNIQUE INDEX "Audience_organizationId_originSystem_originAccount_originEx_key" ON "Audience"("organizationId", "originSystem", "originAccount", "originExternalId");

-- CreateIndex
CREATE UNIQUE INDEX "Contact_organizationId_id_key" ON "Contact"("organizationId", "id");

-- CreateIndex
CREATE UNIQUE INDEX "Contact_organizationId_identifier_key" ON "Contact"("organizationId", "identifier");

-- CreateIndex
CREATE UNIQUE INDEX "Contact_organizationId_email_key" ON "Contact"("organizationId", "email");

-- CreateIndex
CREATE UNIQUE INDEX "Contact_organizationId_phoneNumber_key" ON "Contact"("organizationId", "phoneNumber");

-- CreateIndex
CREATE UNIQUE INDEX "Contact_organizationId_originSystem_originAccount_originExt_key" ON "Contact"("organizationId", "originSystem", "originAccount", "originExternalId");

-- CreateIndex
CREATE INDEX "Conversation_organizationId_lastInteractedAt_id_idx" ON "Conversation"("organizationId", "lastInteractedAt", "id");

-- CreateIndex
CREATE INDEX "Conversation_organizationId_createdAt_id_idx" ON "Conversation"("organizationId", "createdAt", "id");

-- CreateIndex
CREATE INDEX "Conversation_organizationId_waitingSince_id_idx" ON "Conversation"("organizationId", "waitingSince", "id");

-- CreateIndex
CREATE INDEX "Conversation_organizationId_priority_id_idx" ON "Conversation"("organizationId", "priority", "id");

-- CreateIndex
CREATE INDEX "Conversation_organizationId_status_lastInteractedAt_id_idx" ON "Conversation"("organizationId", "status", "lastInteractedAt", "id");

-- CreateIndex
CREATE INDEX "Conversation_organizationId_ownerId_lastInteractedAt_id_idx" ON "Conversation"("organizationId", "ownerId", "lastInteractedAt", "id");

-- CreateIndex
CREATE INDEX "Conversation_organizationId_contactId_lastInteractedAt_id_idx" ON "Conversation"("organizationId", "contactId", "lastInteractedAt", "id");

-- CreateIndex
CREATE INDEX "Conversation_status_snoozedUntil_idx" ON "Conversation"("status", "snoozedUntil");

-- CreateIndex
CREATE UNIQUE INDEX "Conversation_organizationId_id_key" ON "Conversation"("organizationId", "id");

-- CreateIndex
CREATE UNIQUE INDEX "Conversation_organizationId_number_key" ON "Conversation"("organizationId", "number");

-- CreateIndex
CREATE UNIQUE INDEX "Conversation_organizationId_publicId_key" ON "Conversation"("organizationId", "publicId");

-- CreateIndex
CREATE UNIQUE INDEX "Conversation_organizationId_originSystem_originAccount_orig_key" ON "Conversation"("organizationId", "originSystem", "originAccount", "originExternalId");

-- CreateIndex
CREATE INDEX "ConversationMember_organizationId_userId_isUnread_idx" ON "ConversationMember"("organizationId", "userId", "isUnread");

-- CreateIndex
CREATE UNIQUE INDEX "Message_organizationId_id_key" ON "Message"("organizationId", "id");

-- CreateIndex
CREATE UNIQUE INDEX "Message_organizationId_conversationId_seq_key" ON "Message"("organizationId", "conversationId", "seq");

-- CreateIndex
CREATE UNIQUE INDEX "Message_organizationId_conversationId_publicSeq_key" ON "Message"("organizationId", "conversationId", "publicSeq");

-- CreateIndex
CREATE UNIQUE INDEX "Message_organizationId_originSystem_originAccount_originExt_key" ON "Message"("organizationId", "originSystem", "originAccount", "originExternalId");

-- CreateIndex
CREATE UNIQUE INDEX "Attachment_organizationId_id_key" ON "Attachment"("organizationId", "id");

-- CreateIndex
CREATE UNIQUE INDEX "Attachment_organizationId_messageId_ordinal_key" ON "Attachment"("organizationId", "messageId", "ordinal");

-- CreateIndex
CREATE INDEX "Mention_organizationId_userId_idx" ON "Mention"("organizationId", "userId");

-- CreateIndex
CREATE INDEX "Event_organizationId_conversationId_position_idx" ON "Event"("organizationId", "conversationId", "position");

-- CreateIndex
CREATE INDEX "Event_organizationId_contactId_position_idx" ON "Event"("organizationId", "contactId", "position");

-- CreateIndex
CREATE UNIQUE INDEX "Event_organizationId_position_key" ON "Event"("organizationId", "position");

-- AddForeignKey
ALTER TABLE "Feed" ADD CONSTRAINT "Feed_organizationId_fkey" FOREIGN KEY ("organizationId") REFERENCES "Organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "BusinessUnit" ADD CONSTRAINT "BusinessUnit_organizationId_fkey" FOREIGN KEY ("organizationId") REFERENCES "Organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Channel" ADD CONSTRAINT "Channel_organizationId_fkey" FOREIGN KEY ("organizationId") REFERENCES "Organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "User" ADD CONSTRAINT "User_organizationId_fkey" FOREIGN KEY ("organizationId") REFERENCES "Organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Bot" ADD CONSTRAINT "Bot_organizationId_fkey" FOREIGN KEY ("organizationId") REFERENCES "Organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Website" ADD CONSTRAINT "Website_organizationId_fkey" FOREIGN KEY ("organizationId") REFERENCES "Organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Website" ADD CONSTRAINT "Website_organizationId_channelId_fkey" FOREIGN KEY ("organizationId", "channelId") REFERENCES "Channel"("organizationId", "id") ON DELETE NO ACTION ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Audience" ADD CONSTRAINT "Audience_organizationId_fkey" FOREIGN KEY ("organizationId") REFERENCES "Organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Contact" ADD CONSTRAINT "Contact_organizationId_fkey" FOREIGN KEY ("organizationId") REFERENCES "Organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ContactAddress" ADD CONSTRAINT "ContactAddress_organizationId_contactId_fkey" FOREIGN KEY ("organizationId", "contactId") REFERENCES "Contact"("organizationId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Conversation" ADD CONSTRAINT "Conversation_organizationId_fkey" FOREIGN KEY ("organizationId") REFERENCES "Organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Conversation" ADD CONSTRAINT "Conversation_organizationId_businessUnitId_fkey" FOREIGN KEY ("organizationId", "businessUnitId") REFERENCES "BusinessUnit"("organizationId", "id") ON DELETE NO ACTION ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Conversation" ADD CONSTRAINT "Conversation_organizationId_channelId_fkey" FOREIGN KEY ("organizationId", "channelId") REFERENCES "Channel"("organizationId", "id") ON DELETE NO ACTION ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Conversation" ADD CONSTRAINT "Conversation_organizationId_contactId_fkey" FOREIGN KEY ("organizationId", "contactId") REFERENCES "Contact"("organizationId", "id") ON DELETE NO ACTION ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Conversation" ADD CONSTRAINT "Conversation_organizationId_ownerId_fkey" FOREIGN KEY ("organizationId", "ownerId") REFERENCES "User"("organizationId", "id") ON DELETE NO ACTION ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Conversation" ADD CONSTRAINT "Conversation_organizationId_botId_fkey" FOREIGN KEY ("organizationId", "botId") REFERENCES "Bot"("organizationId", "id") ON DELETE NO ACTION ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Conversation" ADD CONSTRAINT "Conversation_organizationId_websiteId_fkey" FOREIGN KEY ("organizationId", "websiteId") REFERENCES "Website"("organizationId", "id") ON DELETE NO ACTION ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Conversation" ADD CONSTRAINT "Conversation_organizationId_audienceId_fkey" FOREIGN KEY ("organizationId", "audienceId") REFERENCES "Audience"("organizationId", "id") ON DELETE NO ACTION ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Conversation" ADD CONSTRAINT "Conversation_organizationId_lastMessageId_fkey" FOREIGN KEY ("organizationId", "lastMessageId") REFERENCES "Message"("organizationId", "id") ON DELETE NO ACTION ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Conversation" ADD CONSTRAINT "Conversation_organizationId_lastPublicMessageId_fkey" FOREIGN KEY ("organizationId", "lastPublicMessageId") REFERENCES "Message"("organizationId", "id") ON DELETE NO ACTION ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ConversationMember" ADD CONSTRAINT "ConversationMember_organizationId_conversationId_fkey" FOREIGN KEY ("organizationId", "conversationId") REFERENCES "Conversation"("organizationId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ConversationMember" ADD CONSTRAINT "ConversationMember_organizationId_userId_fkey" FOREIGN KEY ("organizationId", "userId") REFERENCES "User"("organizationId", "id") ON DELETE NO ACTION ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ConversationMember" ADD CONSTRAINT "ConversationMember_organizationId_addedById_fkey" FOREIGN KEY ("organizationId", "addedById") REFERENCES "User"("organizationId", "id") ON DELETE NO ACTION ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ConversationAddress" ADD CONSTRAINT "ConversationAddress_organizationId_conversationId_fkey" FOREIGN KEY ("organizationId", "conversationId") REFERENCES "Conversation"("organizationId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Answer" ADD CONSTRAINT "Answer_organizationId_conversationId_fkey" FOREIGN KEY ("organizationId", "conversationId") REFERENCES "Conversation"("organizationId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Message" ADD CONSTRAINT "Message_organizationId_conversationId_fkey" FOREIGN KEY ("organizationId", "conversationId") REFERENCES "Conversation"("organizationId", "id") ON DELETE NO ACTION ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Message" ADD CONSTRAINT "Message_organizationId_senderUserId_fkey" FOREIGN KEY ("organizationId", "senderUserId") REFERENCES "User"("organizationId", "id") ON DELETE NO ACTION ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Message" ADD CONSTRAINT "Message_organizationId_senderContactId_fkey" FOREIGN KEY ("organizationId", "senderContactId") REFERENCES "Contact"("organizationId", "id") ON DELETE NO ACTION ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Message" ADD CONSTRAINT "Message_organizationId_senderBotId_fkey" FOREIGN KEY ("organizationId", "senderBotId") REFERENCES "Bot"("organizationId", "id") ON DELETE NO ACTION ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Message" ADD CONSTRAINT "Message_organizationId_replyToId_fkey" FOREIGN KEY ("organizationId", "replyToId") REFERENCES "Message"("organizationId", "id") ON DELETE NO ACTION ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Attachment" ADD CONSTRAINT "Attachment_organizationId_messageId_fkey" FOREIGN KEY ("organizationId", "messageId") REFERENCES "Message"("organizationId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Mention" ADD CONSTRAINT "Mention_organizationId_messageId_fkey" FOREIGN KEY ("organizationId", "messageId") REFERENCES "Message"("organizationId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Mention" ADD CONSTRAINT "Mention_organizationId_userId_fkey" FOREIGN KEY ("organizationId", "userId") REFERENCES "User"("organizationId", "id") ON DELETE NO ACTION ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Event" ADD CONSTRAINT "Event_organizationId_conversationId_fkey" FOREIGN KEY ("organizationId", "conversationId") REFERENCES "Conversation"("organizationId", "id") ON DELETE NO ACTION ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Event" ADD CONSTRAINT "Event_organizationId_contactId_fkey" FOREIGN KEY ("organizationId", "contactId") REFERENCES "Contact"("organizationId", "id") ON DELETE NO ACTION ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Event" ADD CONSTRAINT "Event_organizationId_actorUserId_fkey" FOREIGN KEY ("organizationId", "actorUserId") REFERENCES "User"("organizationId", "id") ON DELETE NO ACTION ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Event" ADD CONSTRAINT "Event_organizationId_actorContactId_fkey" FOREIGN KEY ("organizationId", "actorContactId") REFERENCES "Contact"("organizationId", "id") ON DELETE NO ACTION ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Event" ADD CONSTRAINT "Event_organizationId_actorBotId_fkey" FOREIGN KEY ("organizationId", "actorBotId") REFERENCES "Bot"("organizationId", "id") ON DELETE NO ACTION ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Event" ADD CONSTRAINT "Event_organizationId_subjectUserId_fkey" FOREIGN KEY ("organizationId", "subjectUserId") REFERENCES "User"("organizationId", "id") ON DELETE NO ACTION ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Event" ADD CONSTRAINT "Event_organizationId_messageId_fkey" FOREIGN KEY ("organizationId", "messageId") REFERENCES "Message"("organizationId", "id") ON DELETE NO ACTION ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Event" ADD CONSTRAINT "Event_organizationId_subjectBotId_fkey" FOREIGN KEY ("organizationId", "subjectBotId") REFERENCES "Bot"("organizationId", "id") ON DELETE NO ACTION ON UPDATE CASCADE;
-- What schema.prisma can't say.

ALTER TABLE "Message" ADD CONSTRAINT "Message_one_sender"
  CHECK (num_nonnulls("senderUserId", "senderContactId", "senderBotId") <= 1);
ALTER TABLE "Message" ADD CONSTRAINT "Message_notes_have_no_public_number"
  CHECK (NOT ("isPrivate" AND "publicSeq" IS NOT NULL));
ALTER TABLE "Event" ADD CONSTRAINT "Event_one_actor"
  CHECK (num_nonnulls("actorUserId", "actorContactId", "actorBotId") <= 1);
ALTER TABLE "Conversation" ADD CONSTRAINT "Conversation_snoozed_until_a_time"
  CHECK (("status" = 'SNOOZED') = ("snoozedUntil" IS NOT NULL));
