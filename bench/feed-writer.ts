// Writer process of `bench -- feed`: renames conversations with the domain's function, and reports the count on request.

import { connectRedisBus } from '../src/bus/bus-redis.ts';
import { connectServer } from '../src/db/server.ts';
import { createConversations } from '../src/domain/conversation/conversation.ts';
import { createRecordChange } from '../src/domain/core/mutation.ts';
import type { Viewer } from '../src/domain/core/viewer.ts';
import { createFeed } from '../src/feed/feed.ts';
import { createLog } from '../src/log.ts';
import { CURSOR_KEYS } from './organization.ts';

const { DATABASE_URL = '', REDIS_URL = '', ORGANIZATIONS = '1', CONVERSATIONS = '1' } = process.env;
// More workers than connections, so that no connection is ever idle.
const WORKERS = 48;

const log = createLog('error');
const db = await connectServer({ url: DATABASE_URL, log });
const bus = connectRedisBus(REDIS_URL, log);
const feed = createFeed({ db, bus, log });
const { renameConversation } = createConversations({ recordChange: createRecordChange({ feed }) });
let made = 0;

let isStopping = false;

async function work() {
  while (!isStopping) {
    // A stalled transaction is aborted after 2 s on a busy machine. It does not count.
    await change().then(
      () => {
        made += 1;
      },
      (error: Error) => log.error({ reason: error.message }, 'a change failed'),
    );
  }
}

function change() {
  const organizationId = `ORG-FEED${1 + Math.floor(Math.random() * Number(ORGANIZATIONS))}`;
  const number = 1 + Math.floor(Math.random() * Number(CONVERSATIONS));
  return renameConversation(agentOf(organizationId), {
    conversationId: `CVR-${organizationId}-${number}`,
    name: `Name ${Math.random()}`,
  });
}

function agentOf(organizationId: string): Viewer {
  const rights = { contactId: null, isAdmin: false, isBlocked: false };
  return { organizationId, kind: 'user', id: `USR-${organizationId}-1`, ...rights, cursorKeys: CURSOR_KEYS };
}

// Answers each request with the count so far. The second request ends the process.
let asked = 0;
process.on('message', () => {
  process.send?.({ made, at: performance.now() });
  asked += 1;
  isStopping = asked === 2;
});
// Warms up: the first change of a process is slow and would hold its locks.
await change();
process.send?.('ready');
await Promise.all(Array.from({ length: WORKERS }, work));
feed.stop();
await bus.stop();
await db.close();
process.disconnect();
