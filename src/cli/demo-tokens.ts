import type { Config } from '../config.ts';
import { DEMO } from '../demo/demo-people.ts';
import { signToken } from '../server/authenticate.ts';

export type DemoTokens = Awaited<ReturnType<typeof createDemoTokens>>;

/** Signs a token for an agent, an administrator and a contact of the demo organization. */
export async function createDemoTokens(secret: string, claims: Pick<Config['auth'], 'issuer' | 'audience'>) {
  const sign = (sub: string) => signToken(secret, { sub, org: DEMO.organizationId }, claims);
  const [agent, admin, contact] = await Promise.all([DEMO.agentId, DEMO.adminId, DEMO.contactId].map(sign));
  return { agent, admin, contact };
}
