import { expect, test } from 'vitest';
import type { Db } from '../../src/db/client.ts';
import { createCurrentValuesLoader } from '../../src/domain/inbox/current-values.ts';
import type { LogEvent } from '../../src/feed/event.ts';
import { times } from '../support/times.ts';

// Live searches of a contact never wait in a statement with the team's.

interface Statement {
  values: unknown[];
  answer(): void;
}

function createStubbed() {
  const statements: Statement[] = [];
  const $queryRaw = (_text: TemplateStringsArray, ...values: unknown[]) =>
    new Promise((resolve) => {
      const nested = values.flatMap((value) =>
        typeof value === 'object' && value !== null && 'values' in value
          ? (value.values as unknown[])
          : [value],
      );
      statements.push({ values: nested, answer: () => resolve([]) });
    });
  const db = { reads: { $queryRaw } } as unknown as Db;
  return { loader: createCurrentValuesLoader(db), statements };
}

const event = {
  id: 'EVT-1',
  organizationId: 'ORG-1',
  conversationId: 'CVR-1',
  changes: [],
} as unknown as LogEvent;
const wordsIn = ({ values }: Statement) => [...new Set(values.filter(Array.isArray).flat())];
const contactWords = times(50, (index) => `%contact${index}%`);

test("the team's values come while those of a contact are still being read", async () => {
  const { loader, statements } = createStubbed();
  const ofContact = contactWords.map((word) =>
    loader.loadForConversation(event, { side: 'contact', patterns: [word], mentionedUserIds: [] }),
  );
  const ofTeam = ['%a%', '%b%'].map((word) =>
    loader.loadForConversation(event, { side: 'team', patterns: [word], mentionedUserIds: [] }),
  );
  await expect.poll(() => statements.length).toBe(2);
  const team = statements.find((statement) => wordsIn(statement).includes('%a%'));
  expect(team && wordsIn(team).sort()).toEqual(['%a%', '%b%']);
  team?.answer();
  expect(await Promise.all(ofTeam)).toEqual([null, null]);

  const contact = statements.find((statement) => statement !== team);
  expect(contact && wordsIn(contact).sort()).toEqual([...contactWords].sort());
  contact?.answer();
  await Promise.all(ofContact);
});
