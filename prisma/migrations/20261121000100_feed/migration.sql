-- Positions of an organization's events count 1, 2, 3 … in the order in which their transactions commit, without a
-- hole, and so do the numbers of its conversations. Both are given by a trigger that runs inside COMMIT: only there
-- is the order known, and only there may the feed's row be locked, since whoever holds it stops the organization.
-- (A sequence would count in the order of the calls, with holes where a transaction failed; readers could then
-- pass over an event that commits later with a lower value.)

CREATE FUNCTION "giveEventItsPosition"() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  place bigint;
  newest_number integer;
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
   WHERE "id" = NEW."id";

  IF NEW."type" = 'CREATED' THEN
    UPDATE "Conversation"
       SET "number" = newest_number
     WHERE "organizationId" = NEW."organizationId" AND "id" = NEW."conversationId";
  END IF;

  RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER "Event_position"
  AFTER INSERT ON "Event"
  DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION "giveEventItsPosition"();
