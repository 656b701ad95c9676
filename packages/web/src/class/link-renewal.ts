/** When the signed links of a lesson are renewed. */

/** A clock that is ahead must not make the page renew without a pause. */
const MIN_DELAY_MS = 1000;

/** @param renewAt from the server, ISO 8601; @param now milliseconds since 1970 */
export function renewalDelayMs(renewAt: string, now: number): number {
  return Math.max(MIN_DELAY_MS, Date.parse(renewAt) - now);
}
