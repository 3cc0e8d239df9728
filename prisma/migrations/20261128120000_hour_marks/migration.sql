-- The head of each log at the beginning of the hour. A contact is given no newer cursor without an event of their own: the
-- head itself moves with every event of the organization, and whoever asks for it often enough has counted them.
-- The trigger keeps it, in the row that it updates anyway; with no event yet in an hour, the mark of the hour is the head.

ALTER TABLE "Feed"
  ADD COLUMN "hourMark" BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN "hour" TIMESTAMPTZ(3);

CREATE OR REPLACE FUNCTION "giveEventItsPosition"() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  place bigint;
  newest_number integer;
  happened timestamptz;
  this_hour timestamptz := date_trunc('hour', clock_timestamp(), 'UTC');
BEGIN
  -- On the right, "head" is still the position of the event before. A clock that is set back changes nothing.
  UPDATE "Feed"
     SET "head" = "head" + 1,
         "hourMark" = CASE WHEN "hour" >= this_hour THEN "hourMark" ELSE "head" END,
         "hour" = GREATEST("hour", this_hour),
         "lastNumber" = "lastNumber" + (NEW."type" = 'CREATED')::integer
   WHERE "organizationId" = NEW."organizationId"
  RETURNING "head", "lastNumber" INTO STRICT place, newest_number;

  -- A time that is given already is that of imported history.
  UPDATE "Event"
     SET "position" = place,
         "occurredAt" = COALESCE("occurredAt", clock_timestamp())
   WHERE "id" = NEW."id"
  RETURNING "occurredAt" INTO happened;

  IF NEW."type" = 'CREATED' THEN
    UPDATE "Conversation"
       SET "number" = newest_number
     WHERE "organizationId" = NEW."organizationId" AND "id" = NEW."conversationId";
  END IF;

  RAISE INFO 'feed % % %', NEW."id", place, (extract(epoch FROM happened) * 1000)::bigint;
  RETURN NULL;
END
$$;
