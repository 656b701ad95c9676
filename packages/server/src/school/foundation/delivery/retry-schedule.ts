/** Decides when a failed delivery is sent again, and when it becomes a dead letter. */
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Delay after the first, second, … failed attempt. One more failure makes the delivery a dead letter. */
export const RETRY_DELAYS_MS: readonly number[] = [5000, 30_000, 2 * MINUTE, 10 * MINUTE, HOUR, 6 * HOUR, 24 * HOUR];

/** The result of one attempt; the status is null where no answer came. */
export type DeliveryResult = { readonly status: number | null; readonly error: string | null };

export type NextStep =
  | { readonly state: "delivered" | "dead"; readonly done_at: Date }
  | { readonly state: "pending"; readonly next_at: Date };

/** When a mail is sent again; null: not any more. @param isDone it was sent, or nobody wants it @param now milliseconds since 1970 */
export function nextTry(attempts: number, isDone: boolean, now: number): Date | null {
  const delay = isDone ? undefined : RETRY_DELAYS_MS[attempts];
  return delay === undefined ? null : new Date(now + delay);
}

/** @param attempts failed attempts before this one @param now milliseconds since 1970 */
export function nextStep(attempts: number, { error }: DeliveryResult, now: number): NextStep {
  if (error === null) return { state: "delivered", done_at: new Date(now) };
  const delay = RETRY_DELAYS_MS[attempts];
  return delay === undefined ? { state: "dead", done_at: new Date(now) } : { state: "pending", next_at: new Date(now + delay) };
}
