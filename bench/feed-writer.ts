// One process of `bench -- feed`: makes changes at the door of the feed, and says how many when it is told to stop counting.
import { connectServer } from '../src/db/server.ts';
import { createFeed } from '../src/feed/feed.ts';
import { connectRedisBus } from '../src/feed/redis-bus.ts';
import { createLog } from '../src/log.ts';

const { DATABASE_URL = '', REDIS_URL = '', ORGANIZATIONS = '1', CONVERSATIONS = '1' } = process.env;
// More than there are connections: who waits is there when one is free.
const WORKERS = 48;

const log = createLog('error');
const db = await connectServer({ url: DATABASE_URL, log });
const bus = connectRedisBus(REDIS_URL, log);
const feed = createFeed({ db, bus, log });
let made = 0;

let isStopping = false;

async function work() {
  while (!isStopping) {
    const organizationId = `ORG-FEED${1 + Math.floor(Math.random() * Number(ORGANIZATIONS))}`;
    const number = 1 + Math.floor(Math.random() * Number(CONVERSATIONS));
    const id = `CVR-${organizationId}-${number}`;
    const name = `Name ${Math.random()}`;
    await feed.record({ organizationId, kind: 'user', id: `USR-${organizationId}-1` }, async (tx) => {
      await tx.$executeRaw`UPDATE "Conversation" SET "name" = ${name} WHERE "id" = ${id}`;
      const changes = [{ field: 'name', before: 'Name', after: name }];
      const contactId = `CTC-${organizationId}-${number}`;
      return {
        result: undefined,
        events: [{ type: 'RENAMED', conversationId: id, contactId, isPublic: true, changes }],
      };
    });
    made += 1;
  }
}

// Whenever it is asked, how many until then; the second answer is the last.
let asked = 0;
process.on('message', () => {
  process.send?.({ made, at: performance.now() });
  asked += 1;
  isStopping = asked === 2;
});
process.send?.('ready');
await Promise.all(Array.from({ length: WORKERS }, work));
feed.stop();
await bus.stop();
await db.close();
process.disconnect();
