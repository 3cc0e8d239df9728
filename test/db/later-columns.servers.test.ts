import { expect, test } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';
import { type Gateway, startGateways } from '../support/gateway.ts';
import { mutate } from '../support/mutate.ts';
import { EXAMPLES, setScene } from '../support/mutation-examples.ts';

// In a rolling upgrade, the first new node applies migrations while old nodes still run.

const TABLES = [
  ...['Conversation', 'Message', 'Event', 'Contact', 'ConversationMember', 'IdempotencyKey', 'Feed'],
  ...['Audience', 'Bot', 'BusinessUnit', 'Channel', 'User', 'Website'],
];

test('every mutation works on after a later version has added columns', async () => {
  const [gateway] = (await startGateways(1, { JITSI_URL: 'https://meet.example.com' })) as [Gateway];
  const mutations = schema.getMutationType()?.getFields() ?? {};

  async function refusals() {
    const refused: string[] = [];
    for (const [name, exampleOf] of Object.entries(EXAMPLES)) {
      const { person, input } = await exampleOf(await setScene(gateway));
      const type = String(mutations[name]?.args[0]?.type).replace('!', '');
      const { result, errors } = await mutate(gateway, person, { mutation: name, input, selected: '', type });
      if (errors || String(result?.__typename).endsWith('Error')) refused.push(name);
    }
    return refused;
  }

  // Twice, so that statements are prepared.
  for (let times = 0; times < 2; times++) expect(await refusals()).toEqual([]);
  for (const table of TABLES) {
    await gateway.db.writes.$executeRawUnsafe(
      `ALTER TABLE "${table}" ADD COLUMN "later" integer NOT NULL DEFAULT 0`,
    );
  }
  expect(await refusals()).toEqual([]);
});
