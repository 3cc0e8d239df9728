import { openDb } from '../app.ts';
import { createMemoryBus } from '../bus/bus-memory.ts';
import { loadConfig } from '../config.ts';
import { seedDemo } from '../demo/seed-demo.ts';
import { createFeed } from '../feed/feed.ts';
import { createLog } from '../log.ts';
import { DEMO_PEOPLE } from './demo-tokens.ts';

/** Creates the demo organization in the configured database, unless it exists, and prints ids of its people. */
export async function seed(env: Record<string, string | undefined>): Promise<void> {
  const config = loadConfig(env);
  const log = createLog(config.logLevel);
  const db = await openDb(config, { log });
  const feed = createFeed({ db, bus: createMemoryBus(), log });
  try {
    await seedDemo({ db, feed });
  } finally {
    feed.stop();
    await db.close();
  }
  process.stdout.write('The demo organization is in the database.\n');
  for (const [name, id] of DEMO_PEOPLE) process.stdout.write(`${name} ${id}\n`);
  process.stdout.write('A token for one of them: npm run --silent token -- <id>\n');
}
