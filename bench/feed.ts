import { type ChildProcess, execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { POOL_SIZES, WRITES_PER_ORGANIZATION } from '../src/db/server.ts';
import { dropDatabase, freshDatabase } from './database.ts';
import { checkTarget, median } from './figures.ts';
import { fillOrganization } from './organization.ts';
import { REDIS_URL } from './parley.ts';

const run = promisify(execFile);

const DATABASE = 'parley_bench_feed';
const ORGANIZATIONS = 100;
const CONVERSATIONS = 100;
const ROUNDS = 3;
const SECONDS = 4;
const WARM_UP_SECONDS = 3;
const CASES = [
  { organizations: 1, processes: 1, atLeast: 0.3 },
  { organizations: 1, processes: 3, atLeast: 0.3 },
  { organizations: ORGANIZATIONS, processes: 1, atLeast: 0.2 },
  { organizations: ORGANIZATIONS, processes: 3, atLeast: 0.2 },
];

// The bare statements of renaming a conversation: no checks, no position reported, no publish.
const SCRIPT = `
\\set org random(1, :organizations)
\\set number random(1, ${CONVERSATIONS})
BEGIN;
SELECT *, clock_timestamp() AS "now" FROM "Conversation"
 WHERE "organizationId" = 'ORG-FEED' || :org AND "id" = 'CVR-ORG-FEED' || :org || '-' || :number FOR NO KEY UPDATE;
UPDATE "Conversation" SET "name" = 'Name ' || random(), "version" = "version" + 1, "updatedAt" = clock_timestamp()
 WHERE "id" = 'CVR-ORG-FEED' || :org || '-' || :number;
INSERT INTO "Event" SELECT * FROM jsonb_populate_recordset(NULL::"Event", jsonb_build_array(jsonb_build_object(
  'id', 'EVT-' || gen_random_uuid(), 'organizationId', 'ORG-FEED' || :org, 'type', 'RENAMED', 'isPublic', true,
  'conversationId', 'CVR-ORG-FEED' || :org || '-' || :number, 'contactId', 'CTC-ORG-FEED' || :org || '-' || :number,
  'actorUserId', 'USR-ORG-FEED' || :org || '-1', 'changes', '[{"field": "name", "before": "Name", "after": "Name 0.123456789"}]'::jsonb)));
COMMIT;
`;

type Case = (typeof CASES)[number];

/** Write connections of all processes together. */
function connectionsOf({ organizations, processes }: Pick<Case, 'organizations' | 'processes'>): number {
  return processes * (organizations === 1 ? WRITES_PER_ORGANIZATION : POOL_SIZES.writes);
}

/**
 * Measures events per second written by the domain's function behind a mutation, compared with pgbench running its bare statements on
 * as many connections: those of the write pool, of which one organization gets a quarter.
 */
export async function benchFeed() {
  const ids = Array.from({ length: ORGANIZATIONS }, (_, index) => `ORG-FEED${index + 1}`);
  const fill = ids.map((id) => fillOrganization({ id, users: 1, contacts: CONVERSATIONS })).join('');
  const url = await freshDatabase(DATABASE, fill);
  const folder = await mkdtemp(join(tmpdir(), 'parley-bench-'));
  const script = join(folder, 'change.sql');
  await writeFile(script, SCRIPT);
  try {
    console.log(
      '\nEvents a second into the log: renaming conversations, compared with pgbench -M simple on as many connections',
    );
    for (const one of CASES) {
      const pairs: { parley: number; baseline: number }[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        pairs.push({ baseline: await runBaseline(url, script, one), parley: await runParley(url, one) });
      }
      report(one, pairs);
    }
  } finally {
    await rm(folder, { recursive: true });
    await dropDatabase(DATABASE);
  }
}

async function runBaseline(url: string, script: string, one: Case): Promise<number> {
  const clients = connectionsOf(one);
  const options = [
    '-M',
    'simple',
    '-n',
    '-c',
    `${clients}`,
    '-T',
    `${SECONDS}`,
    '-D',
    `organizations=${one.organizations}`,
  ];
  const { stdout } = await run('pgbench', [...options, '-f', script, url]);
  return Number(/tps = ([\d.]+)/.exec(stdout)?.[1]);
}

async function runParley(url: string, { organizations, processes }: Case): Promise<number> {
  const env = {
    ...process.env,
    NODE_ENV: 'production',
    DATABASE_URL: url,
    REDIS_URL,
    ORGANIZATIONS: `${organizations}`,
    CONVERSATIONS: `${CONVERSATIONS}`,
  };
  const writers = Array.from({ length: processes }, () =>
    fork('bench/feed-writer.ts', { env, execArgv: ['--import', 'tsx'] }),
  );
  await Promise.all(writers.map((writer) => once(writer, 'message')));
  await sleep(WARM_UP_SECONDS * 1_000);
  const before = await Promise.all(writers.map(count));
  await sleep(SECONDS * 1_000);
  const ended = Promise.all(writers.map((writer) => once(writer, 'exit')));
  const after = await Promise.all(writers.map(count));
  await ended;
  return after.reduce((sum, { made, at }, index) => {
    const from = before[index] as Count;
    return sum + ((made - from.made) * 1_000) / (at - from.at);
  }, 0);
}

interface Count {
  made: number;
  at: number;
}

async function count(writer: ChildProcess): Promise<Count> {
  const answer = once(writer, 'message');
  writer.send('count');
  const [counted] = await answer;
  return counted as Count;
}

function report({ organizations, processes, atLeast }: Case, pairs: { parley: number; baseline: number }[]) {
  const of = (side: 'parley' | 'baseline') => median(pairs.map((pair) => pair[side])).toFixed(0);
  console.log(
    `  ${organizations} organizations, ${processes} processes, ${connectionsOf({ organizations, processes })} connections: Parley ${of('parley')}, pgbench ${of('baseline')}`,
  );
  checkTarget({
    what: '  of pgbench',
    ratio: median(pairs.map(({ parley, baseline }) => parley / baseline)),
    atLeast,
  });
}
