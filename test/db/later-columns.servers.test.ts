import { expect, test } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';
import { type Gateway, startGateways } from '../support/gateway.ts';
import { mutate } from '../support/mutate.ts';
import { EXAMPLES, setScene } from '../support/mutation-examples.ts';

// Of nodes that are replaced one by one, the first new one migrates, and the old ones go on for a while.

const TABLES = [
  ...['Conversation', 'Message', 'Event', 'Contact', 'ConversationMember', 'IdempotencyKey', 'Feed'],
  ...['Audience', 'Bot', 'BusinessUnit', 'Channel', 'User', 'Website'],
];

test('a node goes on with every mutation when a later version has added columns', async () => {
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

  // Twice: then its statements are prepared.
  for (let times = 0; times < 2; times++) expect(await refusals()).toEqual([]);
  for (const table of TABLES) {
    await gateway.db.writes.$executeRawUnsafe(
      `ALTER TABLE "${table}" ADD COLUMN "later" integer NOT NULL DEFAULT 0`,
    );
  }
  expect(await refusals()).toEqual([]);
});
