import { expect, test } from 'vitest';
import { startGateway } from '../support/gateway.ts';
import { createOrganization, openConversation } from '../support/organization.ts';

test('a deleted message keeps its seq and shows no text or attachments to anybody', async () => {
  const gateway = await startGateway();
  const organization = await createOrganization(gateway);
  const attachment = {
    fileType: 'FILE',
    fileName: 'secret.pdf',
    dataUrl: 'https://files.example.com/secret.pdf',
  };
  const conversationId = await openConversation(gateway, organization, {
    firstMessage: { content: 'Too much', attachments: [attachment] },
  });
  const query = `query ($id: ID!) { conversation(id: $id) { messages { nodes { id seq content attachments { id fileName } } } } }`;
  const read = async () =>
    (await gateway.ask(organization.agent, query, { id: conversationId })).data.conversation.messages
      .nodes[0];
  const before = await read();
  expect(before.attachments).toMatchObject([{ fileName: 'secret.pdf' }]);
  const file = `query ($id: ID!) { node(id: $id) { id } }`;
  const id = before.attachments[0].id;
  expect((await gateway.ask(organization.contact, file, { id })).data).toEqual({ node: { id } });

  await gateway.db.writes.message.update({ where: { id: before.id }, data: { deletedAt: new Date() } });
  expect(await read()).toEqual({ id: before.id, seq: 1, content: null, attachments: [] });
  for (const person of [organization.agent, organization.contact]) {
    expect((await gateway.ask(person, file, { id })).data).toEqual({ node: null });
  }
});
