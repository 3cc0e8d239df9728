import { type FrameCounter, openAll, subscribe } from './clients.ts';
import { tokenFor } from './parley.ts';

const QUERY = `subscription ($id: ID!) { conversation(id: $id) {
  __typename ... on CaughtUp { cursor } ... on MessageAdded { message { id seq content createdAt } }
} }`;

/** Opens websockets of `count` contacts, each subscribed to its own conversation. */
export function openContacts(
  url: string,
  organization: string,
  { from, count, counter }: { from: number; count: number; counter: FrameCounter },
) {
  return openAll(count, async (index) => {
    const number = from + index;
    const token = await tokenFor(organization, `CTC-${organization}-${number}`);
    return subscribe(
      url,
      { token, query: QUERY, variables: { id: `CVR-${organization}-${number}` } },
      counter,
    );
  });
}
