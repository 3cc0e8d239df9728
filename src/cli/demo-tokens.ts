import type { Config } from '../config.ts';
import { DEMO } from '../demo/demo-people.ts';
import { signToken } from '../server/authenticate.ts';
import type { DemoToken } from '../server/http/graphiql-handler.ts';

const PRINTED_LIFETIME_SECONDS = 86_400;
const GRAPHIQL_LIFETIME_SECONDS = 3_600;

/** People of the demo organization, with the names that commands print. */
export const DEMO_PEOPLE = [
  ['agent', DEMO.agentId],
  ['administrator', DEMO.adminId],
  ['contact', DEMO.contactId],
] as const;

/** Lines with a token for an agent, an administrator and a contact of the demo organization, valid for a day. */
export async function printDemoTokens(auth: Config['auth'] & { secret: string }): Promise<string[]> {
  const width = Math.max(...DEMO_PEOPLE.map(([name]) => name.length));
  return Promise.all(
    DEMO_PEOPLE.map(
      async ([name, id]) =>
        `  ${name.padEnd(width)}  Authorization: Bearer ${await sign(auth, id, PRINTED_LIFETIME_SECONDS)}`,
    ),
  );
}

/** Signs a token of the demo's agent for GraphiQL, which renews it while its page is open. */
export async function signGraphiQLToken(auth: Config['auth'] & { secret: string }): Promise<DemoToken> {
  const lifetimeSeconds = Math.min(GRAPHIQL_LIFETIME_SECONDS, auth.maxLifetimeSeconds);
  return { token: await sign(auth, DEMO.agentId, lifetimeSeconds), lifetimeSeconds };
}

function sign(auth: Config['auth'] & { secret: string }, sub: string, lifetimeSeconds: number) {
  const { secret, maxLifetimeSeconds } = auth;
  const lifetime = { lifetimeSeconds: Math.min(lifetimeSeconds, maxLifetimeSeconds) };
  return signToken(secret, { sub, org: DEMO.organizationId }, { ...auth, ...lifetime });
}
