import { beforeAll, onTestFinished } from 'vitest';
import { type Database, type Gateway, startNode } from './gateway.ts';
import type { Person } from './mutations.ts';
import { createOrganization } from './organization.ts';
import { createSharedDatabase } from './shared-database.ts';

/** A small query. */
export const VIEWER_QUERY = '{ viewer { __typename } }';

/** Prepares a database for the tests of a file. The function starts a gateway with these limits for one test, and an organization in it. */
export function prepareLimitedGateways() {
  let database: Database;

  beforeAll(async () => {
    database = await createSharedDatabase();
  });

  return async function start(limits: string, env: Record<string, string> = {}) {
    const gateway = await startNode(database, { RATE_LIMITS: limits, ...env });
    onTestFinished(async () => {
      await gateway.stop();
    });
    return { gateway, organization: await createOrganization(gateway) };
  };
}

/** Posts a query, VIEWER_QUERY by default. */
export async function request(
  gateway: Gateway,
  person: Person | null,
  { query = VIEWER_QUERY, headers = {} }: { query?: string; headers?: Record<string, string> } = {},
): Promise<Response> {
  const all = new Headers({ 'content-type': 'application/json', ...headers });
  if (person) all.set('authorization', `Bearer ${await gateway.tokenFor(person)}`);
  return fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: all,
    body: JSON.stringify({ query }),
  });
}
