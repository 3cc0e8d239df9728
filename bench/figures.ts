/** Median, which ignores single noisy rounds. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
}

export interface Target {
  what: string;
  ratio: number;
  atMost?: number;
  atLeast?: number;
}

/** Prints a ratio with its target. Sets exit code 1 when the target is missed. */
export function checkTarget({ what, ratio, atMost, atLeast }: Target) {
  const isMet = ratio <= (atMost ?? Number.POSITIVE_INFINITY) && ratio >= (atLeast ?? 0);
  const target = atMost === undefined ? `at least ${atLeast}` : `at most ${atMost}`;
  console.log(`  ${what}: ${ratio.toFixed(3)} (${target})${isMet ? '' : '   MISSED'}`);
  if (!isMet) process.exitCode = 1;
}
