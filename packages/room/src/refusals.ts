/** Provides codes by which a room refuses what a person sends, or lets nobody in. docs/errors.md says what each of them means. */

/** The person may not, or what was sent is wrong: the same, sent again, is refused again. */
export const LASTING_REFUSALS = [
  "bad-request",
  "not-signed-in",
  "refused-by-rule",
  "not-found",
  "muted",
  "switched-off",
  "refused-words",
  "closed",
  "full",
  "conflict",
  "board-full",
  "too-large",
  "wrong-code",
  "not-on-stage",
  "internal-error",
] as const;

/** The same may succeed after `retryAfter` seconds. */
export const LATER_REFUSALS = ["too-many"] as const;

/** The server cannot be asked now: what was sent waits, and is sent again by itself. */
export const PASSING_REFUSALS = ["control-away", "database-away", "draining"] as const;

/** Of a handshake, and of entries by HTTP: nobody comes in. */
export const ENTRY_REFUSALS = [
  "not-signed-in",
  "bad-signature",
  "link-expired",
  "removed-from-lesson",
  "no-such-lesson",
  "too-many",
  "control-away",
  "draining",
] as const;

export function isPassing(code: string): boolean {
  const passing: readonly string[] = PASSING_REFUSALS;
  return passing.includes(code);
}
