/** Determines where a viewer's timestamps lie: the time of a stream's epoch, moved by an offset, and close together for what the viewer catches up with. */

/** All in ticks of the track's clock. */
export type Timing = {
  /** Is added to the time of the epoch. */
  readonly offset: number;
  /** Up to here, in the time of the epoch, timestamps are close together. */
  readonly caughtUpAt: number;
};

export const AT_EPOCH: Timing = { offset: 0, caughtUpAt: Number.NEGATIVE_INFINITY };

/** Timestamps of what is caught up with are so many times closer together. */
const CATCH_UP_SPEED = 40;

/** Where a moment of the epoch lies. */
export function placed({ offset, caughtUpAt }: Timing, ticks: number): number {
  const before = caughtUpAt - ticks;
  return offset + (before > 0 ? caughtUpAt - Math.floor(before / CATCH_UP_SPEED) : ticks);
}

/**
 * The timing from a unit on. Time never goes back: what is later than real time, such as a rung behind its source, stays so much later.
 * @param first of the unit @param newest that there is @param last where the unit before lies; null: there was none
 * @param least where this one should lie at least
 */
export function timingFrom(first: number, newest: number, last: number | null, least: number): Timing {
  const plain = { offset: 0, caughtUpAt: newest };
  const at = placed(plain, first);
  return last === null || at > last ? plain : { ...plain, offset: least - at };
}
