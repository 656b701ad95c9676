/** Decides what is said of the time that is left, and when: sparingly, as each word interrupts a screen reader. */

const MINUTE = 60;
/** Minutes before the end at which it is announced. */
const ANNOUNCED_MINUTES = [10, 5, 1] as const;
/** Within this the clock is shown as urgent. */
const URGENT_SECONDS = 5 * MINUTE;

/** The announcement that is due: the least of the minutes that have begun. Null: there is more time. @param seconds whole ones that are left */
export function announcedMinutes(seconds: number): number | null {
  if (seconds <= 0) return null;
  return ANNOUNCED_MINUTES.findLast((minutes) => seconds <= minutes * MINUTE) ?? null;
}

export function isUrgent(seconds: number): boolean {
  return seconds <= URGENT_SECONDS;
}
