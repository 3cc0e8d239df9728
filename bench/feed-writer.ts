// One process of `bench -- feed`: renames conversations, as the mutation does, and says how many when it is asked.

import { connectRedisBus } from '../src/bus/bus-redis.ts';
import { connectServer } from '../src/db/server.ts';
import { createConversations } from '../src/domain/conversation/conversation.ts';
import { createRecordChange } from '../src/domain/core/mutation.ts';
import type { Viewer } from '../src/domain/core/viewer.ts';
import { createFeed } from '../src/feed/feed.ts';
import { createLog } from '../src/log.ts';
import { CURSOR_KEYS } from './organization.ts';

const { DATABASE_URL = '', REDIS_URL = '', ORGANIZATIONS = '1', CONVERSATIONS = '1' } = process.env;
// More than there are connections: who waits is there when one is free.
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
    // On a machine that is too busy for two seconds a transaction is ended; that is no change made.
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

// Whenever it is asked, how many until then; the second answer is the last.
let asked = 0;
process.on('message', () => {
  process.send?.({ made, at: performance.now() });
  asked += 1;
  isStopping = asked === 2;
});
// The first of a process takes longest, and holds its locks for as long.
await change();
process.send?.('ready');
await Promise.all(Array.from({ length: WORKERS }, work));
feed.stop();
await bus.stop();
await db.close();
process.disconnect();
