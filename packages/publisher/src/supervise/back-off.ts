/** Defines how long a publisher waits before it tries again. A lesson stands still meanwhile, so the first times come soon. */

const STEPS_MS = [0, 250, 500, 1000, 2000, 4000, 8000] as const;
const LONGEST_MS = 10_000;
/** Everybody in a school loses the server at the same moment. */
const JITTER = 0.3;

/** @param failures in a row, from 1 @param random 0 to 1 */
export function backOffMs(failures: number, random: number): number {
  const step = STEPS_MS[failures - 1] ?? LONGEST_MS;
  return step * (1 - JITTER + 2 * JITTER * random);
}
