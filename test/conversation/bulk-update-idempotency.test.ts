import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createBulkUpdates } from '../support/bulk-update.ts';
import { footprintOf } from '../support/footprint.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { cursorAt, stateOf } from '../support/log.ts';
import { createOrganization, openConversation, type TestOrganization } from '../support/organization.ts';

let gateway: Gateway;
let organization: TestOrganization;
let conversationIds: string[];

beforeAll(async () => {
  gateway = await startGateway();
});

beforeEach(async () => {
  organization = await createOrganization(gateway);
  conversationIds = [];
  for (const name of ['A', 'B', 'C'])
    conversationIds.push(await openConversation(gateway, organization, { name }));
});

const update = (input: object) =>
  createBulkUpdates(gateway).update(organization.agent, { conversationIds, ...input });
const results = (input: object) =>
  createBulkUpdates(gateway).results(organization.agent, { conversationIds, ...input });

describe('updateConversations with an idempotencyKey', () => {
  test('changes conversations once and replays the result', async () => {
    const input = { priority: 'LOW', idempotencyKey: 'many' };
    const first = await update(input);
    const before = await footprintOf(gateway, organization.id);
    expect(await update(input)).toEqual({ ...first, extensions: { ...first.extensions, replayed: true } });
    expect(await footprintOf(gateway, organization.id)).toEqual(before);
  });

  test('rejects the key with another input', async () => {
    await results({ priority: 'LOW', idempotencyKey: 'many' });
    const before = await footprintOf(gateway, organization.id);
    const [first] = conversationIds;
    for (const changed of await results({
      conversationIds: [first],
      priority: 'LOW',
      idempotencyKey: 'many',
    })) {
      expect(changed).toMatchObject({ __typename: 'IdempotencyKeyReusedError' });
    }
    expect(await footprintOf(gateway, organization.id)).toEqual(before);
  });

  test('retries refused conversations, and returns the cursor of the new changes', async () => {
    const { agent } = organization;
    const [first = ''] = conversationIds;
    const setStatus = (status: string) =>
      gateway.ask(
        agent,
        `mutation { setConversationStatus(input: { conversationId: "${first}", status: ${status} }) { __typename } }`,
      );
    await setStatus('CLOSED');
    const input = { status: 'PENDING', idempotencyKey: 'again' };
    expect(await results(input)).toMatchObject([
      { __typename: 'InvalidTransitionError' },
      { version: 2 },
      { version: 2 },
    ]);
    await setStatus('OPEN');
    const { changed, extensions } = await update(input);
    expect(changed.results).toMatchObject([
      { id: first, status: 'PENDING', version: 4 },
      { version: 2 },
      { version: 2 },
    ]);
    const { head } = await stateOf(gateway, organization.id);
    expect(extensions).toEqual({ cursor: await cursorAt(gateway, organization.id, head), replayed: true });
  });
});
