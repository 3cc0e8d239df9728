import type { Answer, Gateway } from './gateway.ts';

// Runs any mutation by name, with a selection by the test.

export interface MutationResult {
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  result: any;
  errors: Answer['errors'];
  cursor: unknown;
  replayed: unknown;
}

const REFUSED = '... on UserError { message } ... on InvalidInputError { issues { code path message } }';

/** Runs `mutation(input:)` as this viewer. `selected`: fragments on the types of its union. `type`: the input type, if not named after the mutation. */
export async function mutate(
  gateway: Pick<Gateway, 'ask'>,
  person: { id: string; organizationId: string },
  {
    mutation,
    input,
    selected,
    type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`,
  }: { mutation: string; input: object; selected: string; type?: string | undefined },
): Promise<MutationResult> {
  const document = `mutation ($input: ${type}!) { result: ${mutation}(input: $input) { __typename ${selected} ${REFUSED} } }`;
  const { data, errors, extensions = {} } = await gateway.ask(person, document, { input });
  return { result: data?.result ?? null, errors, cursor: extensions.cursor, replayed: extensions.replayed };
}
