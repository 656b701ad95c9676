/** Defines how a volume is shown. */

/** Ears hear volume by its logarithm: the bar is empty at -60 dB and full at 0 dB. */
const SILENCE_DB = -60;
/** A voice at a usual distance is louder; a quiet room is not. */
const VOICE_DB = -42;

/** @param level root mean square, 0 to 1 @returns the share of the bar, 0 to 1 */
export function barOf(level: number): number {
  return Math.min(1, Math.max(0, 1 - decibels(level) / SILENCE_DB));
}

export function isHeard(level: number): boolean {
  return decibels(level) > VOICE_DB;
}

function decibels(level: number): number {
  return 20 * Math.log10(Math.max(level, 1e-6));
}
