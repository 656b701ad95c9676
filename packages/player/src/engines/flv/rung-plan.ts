/** Provides a change to another rung that has begun, and how far it has come. All times are milliseconds of one monotonic clock. */

export type Plan = {
  readonly to: number;
  readonly why: "slow" | "silent" | "climb" | "choice" | "size" | "rescue";
  /** The viewer has chosen it: where it cannot be had, automatic quality goes on. */
  readonly isChosen: boolean;
  readonly since: number;
  readonly cutAt: number | null;
  readonly joinedAt: number | null;
  /** When the rung was asked for last. */
  readonly requestedAt: number;
  /** Since when the next stream has newer frames than the one that is shown. */
  readonly newerSince: number | null;
  /** Since when the stream that was silent comes in time again. */
  readonly backSince: number | null;
  /** Since when something of it comes, but too little, while the server's answer to the next one does not. */
  readonly fullSince: number | null;
  /** Since when it has enough media to be shown without a stop. */
  readonly readySince: number | null;
  /** The viewer should fall behind a little until then. */
  readonly needsTime: boolean;
};

export function newPlan(to: number, why: Plan["why"], now: number): Plan {
  return {
    to,
    why,
    isChosen: why === "choice",
    since: now,
    cutAt: null,
    joinedAt: null,
    requestedAt: now,
    newerSince: null,
    backSince: null,
    fullSince: null,
    readySince: null,
    needsTime: false,
  };
}
