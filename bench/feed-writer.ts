// One process of `bench -- feed`: makes changes at the domain's door for a while, and prints how many.
import { setTimeout as sleep } from 'node:timers/promises';
import { connectServer } from '../src/db/server.ts';
import { createFeed } from '../src/feed/feed.ts';
import { connectRedisBus } from '../src/feed/redis-bus.ts';
import { createLog } from '../src/log.ts';

const {
  DATABASE_URL = '',
  REDIS_URL = '',
  ORGANIZATIONS = '1',
  CONVERSATIONS = '1',
  START_AT = '0',
  SECONDS = '1',
} = process.env;
// More than there are connections: who waits is there when one is free.
const WORKERS = 48;

const log = createLog('error');
const db = await connectServer({ url: DATABASE_URL, log });
const bus = connectRedisBus(REDIS_URL, log);
const feed = createFeed({ db, bus, log });
let made = 0;

async function work(until: number) {
  while (Date.now() < until) {
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
    if (Date.now() < until) made += 1;
  }
}

// Warm, and then all at the same time.
await Promise.all(Array.from({ length: WORKERS }, () => work(Number(START_AT))));
made = 0;
await sleep(Math.max(0, Number(START_AT) - Date.now()));
await Promise.all(Array.from({ length: WORKERS }, () => work(Number(START_AT) + Number(SECONDS) * 1_000)));
console.log(made / Number(SECONDS));
feed.stop();
await bus.stop();
await db.close();
