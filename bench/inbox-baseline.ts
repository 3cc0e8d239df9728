// The baseline: a bare server that runs one hand-written statement and sends the JSON that PostgreSQL made of it.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { ORGANIZATION } from './inbox-data.ts';

const SQL = `
SELECT json_build_object('data', json_build_object('conversations', json_build_object('nodes', json_agg(row.json))))::text AS json
FROM (
  SELECT json_build_object(
    'id', c."id", 'number', c."number", 'name', c."name", 'status', c."status", 'lastInteractedAt', c."lastInteractedAt",
    'contact', json_build_object('id', contact."id", 'name', contact."name", 'email', contact."email"),
    'owner', json_build_object('id', owner."id", 'displayName', owner."displayName"),
    'bot', json_build_object('id', bot."id", 'name', bot."name"),
    'website', json_build_object('id', website."id", 'name', website."name", 'url', website."url"),
    'audience', json_build_object('id', audience."id", 'name', audience."name"),
    'lastMessage', json_build_object('id', message."id", 'seq', message."seq", 'content', message."content", 'createdAt', message."createdAt")
  ) AS json
  FROM "Conversation" c
  JOIN "Contact" contact ON contact."organizationId" = c."organizationId" AND contact."id" = c."contactId"
  LEFT JOIN "User" owner ON owner."organizationId" = c."organizationId" AND owner."id" = c."ownerId"
  LEFT JOIN "Bot" bot ON bot."organizationId" = c."organizationId" AND bot."id" = c."botId"
  LEFT JOIN "Website" website ON website."organizationId" = c."organizationId" AND website."id" = c."websiteId"
  LEFT JOIN "Audience" audience ON audience."organizationId" = c."organizationId" AND audience."id" = c."audienceId"
  LEFT JOIN "Message" message ON message."organizationId" = c."organizationId" AND message."id" = c."lastMessageId"
  WHERE c."organizationId" = $1 AND c."deletedAt" IS NULL
  ORDER BY c."lastInteractedAt" DESC, c."id" DESC
  LIMIT 20
) row`;

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 8 });

const server = createServer(async (_request, response) => {
  const { rows } = await pool.query({ name: 'inbox', text: SQL, values: [ORGANIZATION] });
  response.writeHead(200, { 'content-type': 'application/json' }).end(rows[0].json);
});
server.listen(0, '127.0.0.1', () => {
  console.log(`ready at http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
