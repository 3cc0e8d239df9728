-- How many conversations that are not deleted there are of each kind, kept with every change of one, so that nobody has to count ten
-- million rows. A row for each kind would be locked by everybody who changes a conversation of that kind; so changes are
-- only written down, as differences that touch nobody else's row, and a sweeper adds them up now and then. What is
-- true is always the sum of both tables.
CREATE TABLE "ConversationCount" (
    "organizationId" TEXT NOT NULL,
    "status" "ConversationStatus" NOT NULL,
    "ownerId" TEXT NOT NULL,
    "botId" TEXT NOT NULL,
    "businessUnitId" TEXT NOT NULL,
    "channelId" TEXT NOT NULL,
    "count" INTEGER NOT NULL,

    CONSTRAINT "ConversationCount_pkey" PRIMARY KEY ("organizationId", "status", "ownerId", "botId", "businessUnitId", "channelId")
);

CREATE TABLE "ConversationCountChange" (
    "id" BIGSERIAL NOT NULL,
    "organizationId" TEXT NOT NULL,
    "status" "ConversationStatus" NOT NULL,
    "ownerId" TEXT NOT NULL,
    "botId" TEXT NOT NULL,
    "businessUnitId" TEXT NOT NULL,
    "channelId" TEXT NOT NULL,
    "count" INTEGER NOT NULL,

    CONSTRAINT "ConversationCountChange_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "ConversationCountChange_organizationId_id_idx" ON "ConversationCountChange" ("organizationId", "id");

-- Statements of many rows, such as an import, write one difference for each kind.
CREATE FUNCTION "countAddedConversations"() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "ConversationCountChange" ("organizationId", "status", "ownerId", "botId", "businessUnitId", "channelId", "count")
  SELECT "organizationId", "status", COALESCE("ownerId", ''), COALESCE("botId", ''), COALESCE("businessUnitId", ''), "channelId", count(*)
    FROM added WHERE "deletedAt" IS NULL
   GROUP BY 1, 2, 3, 4, 5, 6;
  RETURN NULL;
END
$$;

CREATE FUNCTION "countRemovedConversations"() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "ConversationCountChange" ("organizationId", "status", "ownerId", "botId", "businessUnitId", "channelId", "count")
  SELECT "organizationId", "status", COALESCE("ownerId", ''), COALESCE("botId", ''), COALESCE("businessUnitId", ''), "channelId", -count(*)
    FROM removed WHERE "deletedAt" IS NULL
   GROUP BY 1, 2, 3, 4, 5, 6;
  RETURN NULL;
END
$$;

CREATE FUNCTION "countChangedConversation"() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF OLD."deletedAt" IS NULL THEN
    INSERT INTO "ConversationCountChange" ("organizationId", "status", "ownerId", "botId", "businessUnitId", "channelId", "count")
    VALUES (OLD."organizationId", OLD."status", COALESCE(OLD."ownerId", ''), COALESCE(OLD."botId", ''), COALESCE(OLD."businessUnitId", ''), OLD."channelId", -1);
  END IF;
  IF NEW."deletedAt" IS NULL THEN
    INSERT INTO "ConversationCountChange" ("organizationId", "status", "ownerId", "botId", "businessUnitId", "channelId", "count")
    VALUES (NEW."organizationId", NEW."status", COALESCE(NEW."ownerId", ''), COALESCE(NEW."botId", ''), COALESCE(NEW."businessUnitId", ''), NEW."channelId", 1);
  END IF;
  RETURN NULL;
END
$$;

-- These lock the table against writers until the migration commits: what is counted below is all there is.
CREATE TRIGGER "Conversation_added" AFTER INSERT ON "Conversation"
  REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION "countAddedConversations"();

CREATE TRIGGER "Conversation_removed" AFTER DELETE ON "Conversation"
  REFERENCING OLD TABLE AS removed
  FOR EACH STATEMENT EXECUTE FUNCTION "countRemovedConversations"();

-- A new message changes a conversation, and none of these.
CREATE TRIGGER "Conversation_counted" AFTER UPDATE ON "Conversation"
  FOR EACH ROW
  WHEN (ROW(OLD."organizationId", OLD."status", OLD."ownerId", OLD."botId", OLD."businessUnitId", OLD."channelId", OLD."deletedAt" IS NULL)
        IS DISTINCT FROM
        ROW(NEW."organizationId", NEW."status", NEW."ownerId", NEW."botId", NEW."businessUnitId", NEW."channelId", NEW."deletedAt" IS NULL))
  EXECUTE FUNCTION "countChangedConversation"();

INSERT INTO "ConversationCount"
SELECT "organizationId", "status", COALESCE("ownerId", ''), COALESCE("botId", ''), COALESCE("businessUnitId", ''), "channelId", count(*)
  FROM "Conversation" WHERE "deletedAt" IS NULL
 GROUP BY 1, 2, 3, 4, 5, 6;
