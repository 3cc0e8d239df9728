-- As before, and whoever commits is told beside the answer to COMMIT where each event came to stand: "feed <event> <position>
-- <milliseconds>". They would ask for it otherwise, with a statement of its own after every change.
-- INFO reaches the client whatever its client_min_messages, and no log of the server at its usual settings.

CREATE OR REPLACE FUNCTION "giveEventItsPosition"() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  place bigint;
  newest_number integer;
  happened timestamptz;
BEGIN
  UPDATE "Feed"
     SET "head" = "head" + 1,
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
