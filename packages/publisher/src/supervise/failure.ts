/** Defines why an attempt to publish has ended, and what that means for the next one. */

export type Failure = {
  /** The server's code, or one of the browser's own: `PublisherProblem`. */
  readonly code: string;
  readonly detail: string;
  /**
   * - `final`: another attempt would end in the same way.
   * - `way`: this way does not pass here; the other one may.
   * - `again`: the server or the network is down for the moment.
   */
  readonly meaning: "final" | "way" | "again";
  /** Milliseconds that the server asks to be left alone for; null: none. */
  readonly retryAfterMs: number | null;
};

/** Of the requests that are refused with a status of the client's fault, those that may succeed later: RFC 9110 section 15.5. */
const PASSING = [408, 409, 421, 425, 429];
/** Reasons of a stream's end after which it is not begun again: somebody wanted it to end. */
const FINAL_REASONS = ["superseded", "ended-by-operator"];

export function failure(code: string, detail: string, meaning: Failure["meaning"], retryAfterMs: number | null = null): Failure {
  return { code, detail, meaning, retryAfterMs };
}

/** The server cannot be reached, or does not answer any more. */
export function networkFailure(detail: string): Failure {
  return failure("network", detail, "again");
}

/** @param status of HTTP */
export function refusedFailure(status: number, code: string, detail: string, retryAfterMs: number | null): Failure {
  const isFinal = status >= 400 && status < 500 && !PASSING.includes(status);
  return failure(code, detail, isFinal ? "final" : "again", retryAfterMs);
}

/** The server has ended the stream of a publisher by WebSocket. @param closeCode 4000, and more by the status of HTTP that a request would get */
export function endedFailure(closeCode: number, code: string, detail: string): Failure {
  if (closeCode > 4000 && closeCode < 5000) return refusedFailure(closeCode - 4000, code, detail, null);
  // 1007 and 1009: this browser sends what the server does not understand, and would send it again.
  const isFinal = FINAL_REASONS.includes(code) || closeCode === 1007 || closeCode === 1009;
  return failure(code, detail, isFinal ? "final" : "again");
}
