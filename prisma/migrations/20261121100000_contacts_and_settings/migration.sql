-- What a contact typed in is no proof of who they are, and is told apart from what the team knows.
ALTER TABLE "ContactAddress" ADD COLUMN "isSelfReported" BOOLEAN NOT NULL DEFAULT false;

-- Who comes back after they were removed is a new user, with the email that they had.
DROP INDEX "User_organizationId_email_key";
CREATE UNIQUE INDEX "User_organizationId_email_key" ON "User"("organizationId", "email") WHERE "removedAt" IS NULL;
