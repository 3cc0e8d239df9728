import { expect, onTestFinished, test } from 'vitest';
import { createDatabase } from '../support/gateway.ts';
import { times } from '../support/times.ts';

const QUERIES = 20;

test.skipIf(process.env.TEST_DATABASE_URL)(
  'the process does something else between two queries of the embedded database',
  async () => {
    const { open } = await createDatabase();
    const db = await open?.(() => undefined);
    if (!db) throw new Error('no database was opened');
    onTestFinished(() => db.close());
    let turns = 0;
    let isOn = true;
    const countTurns = () => {
      turns += 1;
      if (isOn) setImmediate(countTurns);
    };
    setImmediate(countTurns);
    await Promise.all(times(QUERIES, (index) => db.reads.$queryRaw`SELECT ${index}::integer`));
    isOn = false;
    expect(turns).toBeGreaterThanOrEqual(QUERIES);
  },
);
