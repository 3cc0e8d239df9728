import { expect } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';
import type { Person } from './change.ts';
import { footprintOf } from './footprint.ts';
import type { Answer, Gateway } from './gateway.ts';
import { eventsOf } from './log.ts';

// Mutations that answer with a conversation, each by its name.

const STATE = `__typename id name detail status snoozedUntil priority handledBy labels customAttributes bookings
  channel { id } contact { id } owner { id } bot { id } website { id } audience { id } businessUnit { id }
  members { user { id } addedBy { id } lastReadSeq } answers { questionId internalLabel question value }
  lastSeq unreadCount updatedAt deletedAt version viewerCan`;

const REFUSAL = `... on UserError { __typename message } ... on InvalidInputError { issues { code message path } }
  ... on VersionConflictError { conversation { ${STATE} } changedBy { __typename id } changedAt }
  ... on AlreadyAssignedError { conversation { ${STATE} } }
  ... on InvalidTransitionError { conversation { ${STATE} } }`;

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
export type Loose = any;

export interface Asked {
  /** The conversation, or the refusal. */
  result: Loose;
  errors: Answer['errors'];
  cursor: unknown;
  replayed: unknown;
}

export type Mutate = ReturnType<typeof mutationsOf>;

/** Asks for a mutation of this gateway by its name. */
export function mutationsOf(gateway: Pick<Gateway, 'ask'>) {
  return async function mutate(mutation: string, person: Person, input: object): Promise<Asked> {
    const field = schema.getMutationType()?.getFields()[mutation];
    const members = new Set(schema.getPossibleTypes(field?.type as never).map(({ name }) => name));
    const parts = `... on Conversation { ${STATE} } ${REFUSAL}`.split(/(?=\.\.\. on )/);
    // A member of another union is refused by validation.
    const selected = parts.filter((part) => {
      const [, type = ''] = /^\.\.\. on (\w+)/.exec(part) ?? [];
      return type === 'UserError' || members.has(type);
    });
    const document = `mutation ($input: ${field?.args[0]?.type}) { changed: ${mutation}(input: $input) { ${selected.join(' ')} } }`;
    const { data, errors, extensions } = await gateway.ask(person, document, { input });
    return {
      result: data?.changed ?? null,
      errors,
      cursor: extensions?.cursor,
      replayed: extensions?.replayed,
    };
  };
}

/** What the mutation answers with; fails where that is no conversation. */
export async function changed(asked: Promise<Asked>): Promise<Loose> {
  const { result, errors } = await asked;
  expect({ is: result?.__typename, errors, refused: result?.message }).toMatchObject({ is: 'Conversation' });
  return result;
}

/** The refusal; fails where there is none, or where it left something behind. */
export async function refused(
  gateway: Pick<Gateway, 'db'>,
  person: Person,
  ask: () => Promise<Asked>,
): Promise<Loose> {
  const before = await footprintOf(gateway, person.organizationId);
  const { result, errors } = await ask();
  expect(errors).toBeUndefined();
  expect(result.__typename).toMatch(/Error$/);
  expect(await footprintOf(gateway, person.organizationId)).toEqual(before);
  return result;
}

/** The code of the error, where this kind of viewer never may; fails where it left something behind. */
export async function forbidden(
  gateway: Pick<Gateway, 'db'>,
  person: Person,
  ask: () => Promise<Asked>,
): Promise<unknown> {
  const before = await footprintOf(gateway, person.organizationId);
  const { result, errors } = await ask();
  expect(result).toBeNull();
  expect(errors).toHaveLength(1);
  expect(await footprintOf(gateway, person.organizationId)).toEqual(before);
  return errors?.[0]?.extensions?.code;
}

/** The conversation as this person sees it; null where they do not. */
export async function look(gateway: Pick<Gateway, 'ask'>, person: Person, id: string): Promise<Loose> {
  const { data } = await gateway.ask(person, `query ($id: ID!) { conversation(id: $id) { ${STATE} } }`, {
    id,
  });
  return data.conversation;
}

/** The newest event of a conversation. */
export async function lastEvent(
  gateway: Pick<Gateway, 'db'>,
  organizationId: string,
  conversationId: string,
) {
  return (await eventsOf(gateway, { organizationId, conversationId })).at(-1);
}
