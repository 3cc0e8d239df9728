import autocannon from 'autocannon';
import { signToken } from '../src/server/authenticate.ts';
import { filledDatabase } from './database.ts';
import { checkTarget, median } from './figures.ts';
import { AGENT, CONVERSATIONS, FILL, MESSAGES_EACH, ORGANIZATION } from './inbox-data.ts';
import { type Running, startProcess } from './process.ts';

const SECRET = 'a secret of at least 32 characters, for benches';
const ROUNDS = 5;
const ROUND_SECONDS = 6;
const CONNECTIONS = 16;
const TARGET = 0.3;
// Same flags as `npm start`.
const START_ARGS = ['--max-semi-space-size=64'];
// BENCH_NODE_ARGS='--cpu-prof --cpu-prof-dir=…' profiles the gateway.
const NODE_ARGS = process.env.BENCH_NODE_ARGS?.split(' ') ?? [];

const QUERY = `{ conversations(first: 20) { nodes {
  id number name status lastInteractedAt
  contact { id name email } owner { id displayName } bot { id name } website { id name url } audience { id name }
  lastMessage { id seq content createdAt }
} } }`;

interface Round {
  requestsPerSecond: number;
  p50: number;
  p99: number;
}

/** Measures the inbox page over HTTP and the baseline in alternating rounds, so that noise hits both. */
export async function benchInbox() {
  const url = await filledDatabase('parley_bench_inbox', FILL);
  const baseline = await startProcess(['--import', 'tsx', 'bench/inbox-baseline.ts'], { DATABASE_URL: url });
  try {
    await measure(baseline, url);
  } finally {
    await baseline.stop();
  }
}

async function measure(baseline: Running, url: string) {
  const parley = await startProcess([...START_ARGS, ...NODE_ARGS, 'dist/main.js'], {
    DATABASE_URL: url,
    AUTH_SECRET: SECRET,
    REDIS_URL: '',
    PORT: '0',
    LOG_LEVEL: 'error',
  });
  try {
    const token = await signToken(
      SECRET,
      { sub: AGENT, org: ORGANIZATION },
      { issuer: undefined, audience: undefined },
    );
    const request = {
      method: 'POST' as const,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query: QUERY }),
    };
    await compareAnswers(baseline.url, `${parley.url}/graphql`, request);
    const rounds: { baseline: Round; parley: Round }[] = [];
    for (let round = 0; round <= ROUNDS; round++) {
      const pair = {
        baseline: await fire(baseline.url, request),
        parley: await fire(`${parley.url}/graphql`, request),
      };
      // The first round warms up.
      if (round > 0) rounds.push(pair);
    }
    report(rounds);
  } finally {
    await parley.stop();
  }
}

async function compareAnswers(baselineUrl: string, parleyUrl: string, request: RequestInit) {
  const [expected, actual] = await Promise.all(
    [baselineUrl, parleyUrl].map(async (url) => (await fetch(url, request)).json() as Promise<Page>),
  );
  const ids = (page: Page | undefined) =>
    page?.data.conversations.nodes.map((node) => `${node.id} ${node.lastMessage.id}`).join();
  if (!ids(expected) || ids(expected) !== ids(actual))
    throw new Error(`different answers: ${JSON.stringify(actual).slice(0, 500)}`);
}

interface Page {
  data: { conversations: { nodes: { id: string; lastMessage: { id: string } }[] } };
}

async function fire(url: string, request: Omit<autocannon.Options, 'url'>): Promise<Round> {
  const result = await autocannon({ url, ...request, connections: CONNECTIONS, duration: ROUND_SECONDS });
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${result.non2xx + result.errors} requests failed`);
  return { requestsPerSecond: result.requests.average, p50: result.latency.p50, p99: result.latency.p99 };
}

function report(rounds: { baseline: Round; parley: Round }[]) {
  console.log(
    `\nInbox page: 20 of ${CONVERSATIONS} conversations, ${CONVERSATIONS * MESSAGES_EACH} messages; ${CONNECTIONS} connections`,
  );
  for (const name of ['baseline', 'parley'] as const) {
    const of = (key: keyof Round) => median(rounds.map((round) => round[name][key]));
    console.log(
      `  ${name.padEnd(7)} ${of('requestsPerSecond').toFixed(0).padStart(6)} requests/s   p50 ${of('p50')} ms   p99 ${of('p99')} ms`,
    );
  }
  const ratio = median(
    rounds.map(({ baseline, parley }) => parley.requestsPerSecond / baseline.requestsPerSecond),
  );
  checkTarget({ what: 'of the baseline', ratio, atLeast: TARGET });
}
