/** Pseudo-random generator: the same seed gives the same sequence. */
export function createChance(seed: number) {
  let state = seed;
  function dice(sides: number): number {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * sides);
  }
  function pick<T>(values: readonly T[]): T {
    return values[dice(values.length)] as T;
  }
  return { dice, pick };
}
