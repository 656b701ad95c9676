/** Provides the range of times that the API takes. PostgreSQL, JavaScript and ISO 8601 with four digits agree on all of it; computers had none earlier. */

export const EARLIEST_MS = 0;
export const LATEST_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** @param at milliseconds since 1970; NaN is in no range */
export function isInRange(at: number): boolean {
  return at >= EARLIEST_MS && at <= LATEST_MS;
}
