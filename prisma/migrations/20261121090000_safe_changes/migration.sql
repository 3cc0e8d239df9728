-- One name, one type: of all that node(id) can give, no two have a field of one name and two types, which clients with a
-- normalized cache could not select side by side.
ALTER TABLE "Channel" RENAME COLUMN "type" TO "channelType";
ALTER TABLE "Contact" RENAME COLUMN "type" TO "contactType";
ALTER TABLE "Attachment" RENAME COLUMN "contentType" TO "mediaType";
ALTER TABLE "Message" RENAME COLUMN "status" TO "deliveryStatus";
ALTER TYPE "MessageStatus" RENAME TO "DeliveryStatus";
ALTER TABLE "Website" RENAME COLUMN "channelId" TO "defaultChannelId";
ALTER TABLE "Website" RENAME CONSTRAINT "Website_organizationId_channelId_fkey" TO "Website_organizationId_defaultChannelId_fkey";

-- Conversations keep naming what was removed.
ALTER TABLE "BusinessUnit" ADD COLUMN "removedAt" TIMESTAMPTZ(3);
ALTER TABLE "Channel" ADD COLUMN "removedAt" TIMESTAMPTZ(3);
ALTER TABLE "Website" ADD COLUMN "removedAt" TIMESTAMPTZ(3);
ALTER TABLE "Audience" ADD COLUMN "removedAt" TIMESTAMPTZ(3);

CREATE TABLE "IdempotencyKey" (
    "organizationId" TEXT NOT NULL,
    "viewerId" TEXT NOT NULL,
    "mutation" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "part" TEXT NOT NULL DEFAULT '',
    "fingerprint" BYTEA NOT NULL,
    "outcomeType" TEXT,
    "outcomeId" TEXT,
    "eventId" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "IdempotencyKey_pkey" PRIMARY KEY ("organizationId", "viewerId", "mutation", "key", "part")
);

CREATE INDEX "IdempotencyKey_createdAt_idx" ON "IdempotencyKey" ("createdAt");
