/** Pauses endpoints, of webhooks and scoring services, that fail again and again: a circuit breaker. While one is paused, its deliveries wait and use up no attempt. */
const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** After this many failures in a row, a webhook pauses. */
export const FAILURES_BEFORE_PAUSE = 5;
/** The first pause, the second, …; the last one repeats. After each pause, one delivery probes the endpoint. */
const PAUSES_MS: readonly number[] = [30 * SECOND, MINUTE, 5 * MINUTE, 15 * MINUTE, 60 * MINUTE];

/** The end of the pause that a failure begins; null where it begins none. @param failures in a row, with this one @param now ms since 1970 */
export function pauseUntil(failures: number, now: number): Date | null {
  if (failures < FAILURES_BEFORE_PAUSE) return null;
  const pause = PAUSES_MS[Math.min(failures - FAILURES_BEFORE_PAUSE, PAUSES_MS.length - 1)] ?? MINUTE;
  return new Date(now + pause);
}

export const WEBHOOK_HEALTH = ["working", "failing", "paused"] as const;
export type WebhookHealth = (typeof WEBHOOK_HEALTH)[number];

/** failing: the last attempt failed. paused: so many failed that the server waits, or probes with one delivery at a time. */
export function healthOf({ failures }: { readonly failures: number }): WebhookHealth {
  if (failures === 0) return "working";
  return failures < FAILURES_BEFORE_PAUSE ? "failing" : "paused";
}
