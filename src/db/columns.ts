import { Prisma } from './generated/prisma/client.ts';

/**
 * The columns of tables, by their names. While nodes are replaced one by one, a later version adds some under the others: `*` would
 * then write null where the new column has a default, and PostgreSQL refuses a prepared statement that gives another row than before.
 */
export const COLUMNS = {
  Audience: listed(Prisma.AudienceScalarFieldEnum),
  Bot: listed(Prisma.BotScalarFieldEnum),
  BusinessUnit: listed(Prisma.BusinessUnitScalarFieldEnum),
  Channel: listed(Prisma.ChannelScalarFieldEnum),
  Contact: listed(Prisma.ContactScalarFieldEnum),
  Conversation: listed(Prisma.ConversationScalarFieldEnum),
  Event: listed(Prisma.EventScalarFieldEnum),
  Message: listed(Prisma.MessageScalarFieldEnum),
  User: listed(Prisma.UserScalarFieldEnum),
  Website: listed(Prisma.WebsiteScalarFieldEnum),
};

function listed(names: object): Prisma.Sql {
  return Prisma.raw(
    Object.values(names)
      .map((name) => `"${name}"`)
      .join(', '),
  );
}
