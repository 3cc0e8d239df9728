export type Random = ReturnType<typeof createRandom>;

/** Pseudo-random numbers, the same for the same seed (mulberry32), so that the demo is always the same. */
export function createRandom(seed: number) {
  let state = seed;

  /** From 0 up to, not including, 1. */
  function fraction(): number {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number, both ends included. */
  function whole(from: number, to: number): number {
    return from + Math.floor(fraction() * (to - from + 1));
  }

  function pick<T>(choices: readonly T[]): T {
    const [picked] = choices.slice(Math.floor(fraction() * choices.length));
    if (picked === undefined) throw new Error('no choices');
    return picked;
  }

  return {
    fraction,
    whole,
    pick,
    chance: (probability: number) => fraction() < probability,
    digits: (count: number) => Array.from({ length: count }, () => whole(0, 9)).join(''),
    shuffled<T>(items: readonly T[]): T[] {
      return items
        .map((item) => ({ item, at: fraction() }))
        .sort((one, other) => one.at - other.at)
        .map(({ item }) => item);
    },
  };
}
