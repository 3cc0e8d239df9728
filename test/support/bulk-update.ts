import { expect } from 'vitest';
import type { AnyAnswer } from './conversation-mutations.ts';
import type { Gateway } from './gateway.ts';
import type { Person } from './mutations.ts';

// The mutation updateConversations, with the fields that tests read.

const DOCUMENT = `mutation ($input: UpdateConversationsInput!) { changed: updateConversations(input: $input) {
  ... on ConversationsUpdated { __typename results { __typename
    ... on Conversation { id status snoozedUntil priority labels owner { id } members { user { id } } version }
    ... on UserError { message } ... on InvalidInputError { issues { code path } }
    ... on InvalidTransitionError { conversation { id status } } } }
  ... on UserError { __typename message } ... on InvalidInputError { issues { code path } } } }`;

export function createBulkUpdates(gateway: Pick<Gateway, 'ask'>) {
  async function update(person: Person, input: object) {
    const { data, errors, extensions } = await gateway.ask(person, DOCUMENT, { input });
    return { changed: data?.changed as AnyAnswer, errors, extensions };
  }

  return {
    update,
    /** The result for each conversation. Throws when the whole update was refused. */
    async results(person: Person, input: object): Promise<AnyAnswer[]> {
      const { changed, errors } = await update(person, input);
      expect(errors).toBeUndefined();
      expect(changed.__typename).toBe('ConversationsUpdated');
      return changed.results;
    },
  };
}
