import { expect } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';
import { footprintOf } from './footprint.ts';
import type { Answer, Gateway } from './gateway.ts';
import { eventsOf } from './log.ts';
import type { Person } from './mutations.ts';

// Mutations that answer with a conversation, called by name.

const CONVERSATION_FIELDS = `__typename id name detail status snoozedUntil priority handledBy labels customAttributes bookings
  channel { id } contact { id } owner { id } bot { id } website { id } audience { id } businessUnit { id }
  members { user { id } addedBy { id } lastReadSeq } answers { questionId internalLabel question value }
  lastSeq unreadCount updatedAt deletedAt version viewerCan`;

const ERROR_FIELDS = `... on UserError { __typename message } ... on InvalidInputError { issues { code message path } }
  ... on VersionConflictError { conversation { ${CONVERSATION_FIELDS} } changedBy { __typename id } changedAt }
  ... on AlreadyAssignedError { conversation { ${CONVERSATION_FIELDS} } }
  ... on InvalidTransitionError { conversation { ${CONVERSATION_FIELDS} } }`;

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
export type AnyAnswer = any;

export interface MutationAnswer {
  /** The conversation or the refusal. */
  result: AnyAnswer;
  errors: Answer['errors'];
  cursor: unknown;
  replayed: unknown;
}

export type Mutate = ReturnType<typeof createMutate>;

/** Creates a function that calls a mutation of this gateway by name. */
export function createMutate(gateway: Pick<Gateway, 'ask'>) {
  return async function mutate(mutation: string, person: Person, input: object): Promise<MutationAnswer> {
    const field = schema.getMutationType()?.getFields()[mutation];
    const members = new Set(schema.getPossibleTypes(field?.type as never).map(({ name }) => name));
    const parts = `... on Conversation { ${CONVERSATION_FIELDS} } ${ERROR_FIELDS}`.split(/(?=\.\.\. on )/);
    // A fragment on a type outside the union fails validation.
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

/** The changed conversation. Fails when the answer is a refusal. */
export async function expectChanged(asked: Promise<MutationAnswer>): Promise<AnyAnswer> {
  const { result, errors } = await asked;
  expect({ is: result?.__typename, errors, refused: result?.message }).toMatchObject({ is: 'Conversation' });
  return result;
}

/** The refusal. Fails when there is none, or when it changed anything. */
export async function expectRefused(
  gateway: Pick<Gateway, 'db'>,
  person: Person,
  ask: () => Promise<MutationAnswer>,
): Promise<AnyAnswer> {
  const before = await footprintOf(gateway, person.organizationId);
  const { result, errors } = await ask();
  expect(errors).toBeUndefined();
  expect(result.__typename).toMatch(/Error$/);
  expect(await footprintOf(gateway, person.organizationId)).toEqual(before);
  return result;
}

/** The error code for a viewer without permission. Fails when anything was changed. */
export async function expectForbidden(
  gateway: Pick<Gateway, 'db'>,
  person: Person,
  ask: () => Promise<MutationAnswer>,
): Promise<unknown> {
  const before = await footprintOf(gateway, person.organizationId);
  const { result, errors } = await ask();
  expect(result).toBeNull();
  expect(errors).toHaveLength(1);
  expect(await footprintOf(gateway, person.organizationId)).toEqual(before);
  return errors?.[0]?.extensions?.code;
}

/** The conversation as this viewer sees it; null when not visible. */
export async function readConversation(
  gateway: Pick<Gateway, 'ask'>,
  person: Person,
  id: string,
): Promise<AnyAnswer> {
  const { data } = await gateway.ask(
    person,
    `query ($id: ID!) { conversation(id: $id) { ${CONVERSATION_FIELDS} } }`,
    {
      id,
    },
  );
  return data.conversation;
}

/** The newest event of a conversation. */
export async function readLastEvent(
  gateway: Pick<Gateway, 'db'>,
  organizationId: string,
  conversationId: string,
) {
  return (await eventsOf(gateway, { organizationId, conversationId })).at(-1);
}
