import { Redis } from 'ioredis';
import { signToken } from '../src/server/authenticate.ts';
import { type Running, startProcess } from './process.ts';

const SECRET = 'a secret of at least 32 characters, for benches';
export const REDIS_URL = process.env.BENCH_REDIS_URL ?? 'redis://127.0.0.1:6379';
// Same flags as `npm start`.
const START_ARGS = ['--max-semi-space-size=64'];
// BENCH_NODE_ARGS='--cpu-prof --cpu-prof-dir=…' profiles the node that is measured.
const MEASURED_ARGS = process.env.BENCH_NODE_ARGS?.split(' ') ?? [];

/** Starts a node on this database and the benchmark's Redis. */
export function startParley(databaseUrl: string, args: string[] = []): Promise<Running> {
  return startProcess([...START_ARGS, ...args, 'dist/main.js'], environmentOf(databaseUrl));
}

export function environmentOf(databaseUrl: string): Record<string, string> {
  return { DATABASE_URL: databaseUrl, AUTH_SECRET: SECRET, REDIS_URL, PORT: '0', LOG_LEVEL: 'error' };
}

/** Starts two nodes: mutations go to `other`, and `measured` delivers their events. */
export async function startPair(databaseUrl: string, args: string[] = []) {
  const measured = await startParley(databaseUrl, [...args, ...MEASURED_ARGS]);
  return { measured, other: await startParley(databaseUrl) };
}

export function tokenFor(organization: string, person: string): Promise<string> {
  const options = { issuer: undefined, audience: undefined, lifetimeSeconds: 86_400 };
  return signToken(SECRET, { sub: person, org: organization }, options);
}

const SEND = `mutation ($input: SendMessageInput!) {
  sendMessage(input: $input) { __typename ... on MessageSent { sent { id } } }
}`;

/** Sends a message and resolves with its answer. Throws when it was not sent. */
export async function sendMessage(
  url: string,
  token: string,
  input: { conversationId: string; content: string },
) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: SEND, variables: { input } }),
  });
  const answer = await response.text();
  if (!answer.includes('"MessageSent"')) throw new Error(`not sent: ${answer}`);
}

export function connectRedis(): Redis {
  return new Redis(REDIS_URL);
}
