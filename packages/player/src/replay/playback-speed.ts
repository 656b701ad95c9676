/** Provides the playback speeds of a recording. */

export const SPEEDS: readonly number[] = [0.5, 0.75, 1, 1.25, 1.5, 2];

/** The next slower (-1) or faster (1) speed; the ends stay. */
export function nextSpeed(rate: number, step: -1 | 1): number {
  const known = SPEEDS.indexOf(rate);
  const index = (known < 0 ? SPEEDS.indexOf(1) : known) + step;
  return SPEEDS[Math.max(0, Math.min(SPEEDS.length - 1, index))] ?? 1;
}
