import { Prisma } from './generated/prisma/client.ts';

/**
 * Column lists of tables, for statements that would use `*` otherwise. During a rolling upgrade a newer node adds columns while older
 * nodes still run: with `*`, an insert would write null instead of the new column's default, and PostgreSQL would refuse prepared
 * statements whose result has changed.
 */
export const COLUMNS = {
  Audience: listColumns(Prisma.AudienceScalarFieldEnum),
  Bot: listColumns(Prisma.BotScalarFieldEnum),
  BusinessUnit: listColumns(Prisma.BusinessUnitScalarFieldEnum),
  Channel: listColumns(Prisma.ChannelScalarFieldEnum),
  Contact: listColumns(Prisma.ContactScalarFieldEnum),
  Conversation: listColumns(Prisma.ConversationScalarFieldEnum),
  Event: listColumns(Prisma.EventScalarFieldEnum),
  Message: listColumns(Prisma.MessageScalarFieldEnum),
  User: listColumns(Prisma.UserScalarFieldEnum),
  Website: listColumns(Prisma.WebsiteScalarFieldEnum),
};

function listColumns(names: object): Prisma.Sql {
  return Prisma.raw(
    Object.values(names)
      .map((name) => `"${name}"`)
      .join(', '),
  );
}
