import { randomInt } from 'node:crypto';
import { times } from './times.ts';

const MAX_SEED = 2 ** 31;

/**
 * Seeds of a test with random histories: the fixed ones, so that each run of the suite is the same. `npm run histories` sets
 * HISTORY_SEEDS, the number of new seeds; HISTORY_SEED repeats a single one. Test titles contain the seed.
 */
export function chooseSeeds(fixed: readonly number[]): readonly number[] {
  const { HISTORY_SEED, HISTORY_SEEDS } = process.env;
  if (HISTORY_SEED) return [Number(HISTORY_SEED)];
  if (HISTORY_SEEDS) return times(Number(HISTORY_SEEDS), () => randomInt(MAX_SEED));
  return fixed;
}
