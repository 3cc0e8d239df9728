import { expect, test } from 'vitest';
import { createLog } from '../../src/log.ts';
import { createDatabase, startNode } from '../support/gateway.ts';
import { post } from '../support/http.ts';
import { openLiveSubscription, TRANSPORTS } from '../support/live.ts';
import { createOrganization, openConversation } from '../support/organization.ts';
import { connect, openSocket } from '../support/socket.ts';

const TEXT = 'Zyzzyva likes red tea';
const ADDRESS = 'zyzzyva@mail.example.org';
const PHONE = '+4930901820';
const KEYS = [{ email: ADDRESS }, { phoneNumber: PHONE }];
const SEND = `mutation ($id: ID!, $content: String!) { sendMessage(input: { conversationId: $id, content: $content }) {
  __typename ... on UserError { message } } }`;
const UPDATE = `mutation ($key: ContactKey!) { upsertContact(input: { key: $key }) {
  __typename ... on UserError { message } } }`;

/** A node that keeps what it logs, at the lowest level. */
async function startLogging() {
  const database = await createDatabase();
  const lines: string[] = [];
  const log = createLog('trace', { write: (line) => lines.push(line) });
  const node = await startNode(database, {}, { log });
  const organization = await createOrganization(node);
  const conversationId = await openConversation(node, organization);
  const token = await node.tokenFor(organization.agent);
  const [header = '', claims = '', signature = ''] = token.split('.');
  return {
    ...{ node, organization, conversationId, token },
    logged: () => {
      const forbidden = [TEXT, 'Zyzzyva', ADDRESS, PHONE, header, claims, signature];
      return {
        all: lines.join(''),
        leaks: lines.filter((line) => forbidden.some((mark) => line.includes(mark))),
      };
    },
    async stop() {
      await node.stop();
      await database.drop();
    },
  };
}

test('requests over all transports, good and bad, leave no token, text or address in the log', async () => {
  const { node, organization, conversationId, token, logged, stop } = await startLogging();
  const authorization = `Bearer ${token}`;
  const variables = { id: conversationId, content: TEXT };
  await node.ask(organization.agent, SEND, variables);
  for (const key of KEYS) await node.ask(organization.contact, UPDATE, { key });
  await node.ask(organization.agent, SEND, { ...variables, content: { [TEXT]: ADDRESS } });
  await node.ask(
    organization.agent,
    `{ conversations(filter: { text: "${TEXT}" }) { nodes { name ${TEXT} } } }`,
  );
  await node.ask(organization.agent, `{ node(id: "${TEXT}") { id } nothing(text: "${ADDRESS}") }`);
  for (const body of [
    TEXT,
    `{"query": "${TEXT}`,
    `{"query": "{ a }", "variables": "${TEXT}"}`,
    `{"q": "${token}"}`,
  ])
    await post(node, body, { authorization });
  for (const header of [`Bearer ${token}x`, `Bearer ${TEXT}`, token])
    await post(node, '{}', { authorization: header });
  for (const query of [`{ streamCursor }`, `{ node(id: "${TEXT}") { id } }`, TEXT]) {
    await fetch(`${node.url}/graphql?query=${encodeURIComponent(query)}`, { headers: { authorization } });
  }
  for (const transport of TRANSPORTS) {
    const live = await openLiveSubscription(node, organization.agent, { transport });
    await node.ask(organization.agent, SEND, variables);
    expect(await live.event()).toMatchObject({ message: { content: TEXT } });
    live.stop();
  }
  const socket = await connect(node, organization.agent);
  socket.send({ id: TEXT, type: 'subscribe', payload: { query: `subscription { nothing(a: "${TEXT}") }` } });
  await socket.next();
  socket.send({ type: TEXT, payload: { authorization } });
  await socket.closed;
  const stranger = await openSocket(node);
  stranger.send({ type: 'connection_init', payload: { authorization: `Bearer ${token}x`, content: TEXT } });
  await stranger.closed;
  await stop();
  const { all, leaks } = logged();
  expect(leaks).toEqual([]);
  expect(all).toContain('"graphql"');
});

test('faults of the database, whose errors quote the row, leave its text and address out of the log', async () => {
  const { node, organization, conversationId, logged, stop } = await startLogging();
  const statements = [
    `ALTER TABLE "Message" ADD CONSTRAINT "no_tea" CHECK (content NOT LIKE '%tea%')`,
    `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused %', NEW; END $$`,
    `CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON "ContactAddress" FOR EACH ROW EXECUTE FUNCTION refuse()`,
    `CREATE TRIGGER refuse_contact BEFORE UPDATE ON "Contact" FOR EACH ROW EXECUTE FUNCTION refuse()`,
  ];
  for (const statement of statements) await node.db.writes.$executeRawUnsafe(statement);
  const sent = await node.ask(organization.agent, SEND, { id: conversationId, content: TEXT });
  const updated = [];
  for (const key of KEYS) updated.push(await node.ask(organization.contact, UPDATE, { key }));
  const codes = [sent, ...updated].map(({ errors }) => errors?.[0]?.extensions?.code);
  expect(codes).toEqual(Array(3).fill('INTERNAL_SERVER_ERROR'));
  await stop();
  const { all, leaks } = logged();
  expect(leaks).toEqual([]);
  // Enough to find the cause: the kind of error, and the id that the client was told.
  expect(all).toContain(String(sent.errors?.[0]?.extensions?.requestId));
  expect(all).toMatch(/23514/);
  expect(all).toMatch(/P0001/);
});
