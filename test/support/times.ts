/** Creates `count` items, each from its index. */
export function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

/** The integers from `from` to `to`. */
export function range(from: number, to: number): number[] {
  return times(to - from + 1, (index) => from + index);
}
