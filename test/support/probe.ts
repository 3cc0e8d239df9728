import { expect } from 'vitest';
import { newId } from '../../src/ids.ts';
import type { Gateway } from './gateway.ts';
import type { GuardedViewer } from './guarded-scene.ts';
import { documentFor, type IdPlace, withValueAt } from './id-places.ts';
import type { Person } from './mutations.ts';

const NO_ID = 'no id';

export interface Reply {
  /** The answer as JSON, without the id that was asked for. */
  text: string;
  /** SQL statements that the answer took. */
  statements: string[];
}

/** Asks, and returns the answer without `id`: an answer may repeat what it was asked. */
export async function replyTo(
  gateway: Gateway,
  person: Person | null,
  { query, variables, id = NO_ID }: { query: string; variables: object; id?: string },
): Promise<Reply> {
  gateway.statements();
  const answer = await gateway.ask(person, query, variables);
  // Statements that are sent together finish in either order.
  const statements = gateway.statements().sort();
  return { text: JSON.stringify(answer).replaceAll(id, '<id>'), statements };
}

/**
 * Places where a forbidden id is answered in another way than an id of nothing: by another text, code or status, or by other statements,
 * which take another time. Also places where the answer contains a secret.
 */
export async function findDifferences(
  gateway: Gateway,
  { person, forbidden, secrets }: GuardedViewer,
  place: IdPlace,
  variables: object,
): Promise<string[]> {
  const query = documentFor(place.root, place.field, 0);
  // An error may repeat other ids of the input.
  const known = JSON.stringify(variables);
  const hidden = secrets.filter((secret) => !known.includes(secret));
  const ask = (id: string) =>
    replyTo(gateway, person, { query, variables: withValueAt(variables, place.path, id), id });
  const found: string[] = [];
  for (const type of place.types) {
    const ids = forbidden[type] ?? [];
    if (ids.length === 0) continue;
    const unknown = await ask(newId(type));
    expect(unknown.text).not.toMatch(/INTERNAL_SERVER_ERROR|VALIDATION_FAILED/);
    for (const id of ids) {
      const reply = await ask(id);
      const what = `${place.name} with ${id}`;
      if (reply.text !== unknown.text)
        found.push(`${what}: ${reply.text}, and for an unknown id ${unknown.text}`);
      else if (reply.statements.join('\n') !== unknown.statements.join('\n'))
        found.push(
          `${what}: ${reply.statements.length} statements, and ${unknown.statements.length} for an unknown id`,
        );
      found.push(...secretsIn(reply.text, hidden).map((secret) => `${what}: ${secret}`));
    }
  }
  return found;
}

export function secretsIn(text: string, secrets: readonly string[]): string[] {
  return secrets.filter((secret) => text.includes(secret));
}
