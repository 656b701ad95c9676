/** Gives bullet comments their lanes, so that none runs into another. */

export type Lanes = {
  /** @returns the lane and how long the comment flies, in milliseconds; null when no lane is free */
  readonly place: (width: number, now: number, isOwn?: boolean) => { readonly lane: number; readonly durationMs: number } | null;
};

type Flight = { readonly width: number; readonly startedAt: number; readonly durationMs: number };

/** Between two comments of a lane, in pixels. */
const GAP = 24;

export type LaneOptions = {
  readonly count: number;
  /** Of the picture, in pixels. */
  readonly width: number;
  /** How long a comment without width would cross the picture, in milliseconds. */
  readonly crossingMs: number;
};

/**
 * Long comments are a little quicker, so that all stay for a similar time. A comment takes the first lane in which the one before has wholly
 * entered and cannot be caught up with. One's own is always placed, in the lane that is free the soonest.
 */
export function createLanes({ count, width, crossingMs }: LaneOptions): Lanes {
  const last: (Flight | undefined)[] = Array.from({ length: count }, () => undefined);
  return {
    place: (ownWidth, now, isOwn = false) => {
      if (count === 0) return null;
      const distance = width + ownWidth;
      const durationMs = Math.round((crossingMs * distance) / (width + ownWidth * 1.5));
      const waits = last.map((flight) => (flight ? waitFor(flight, { distance, durationMs, width, now }) : 0));
      const least = Math.min(...waits);
      if (least > 0 && !isOwn) return null;
      const lane = waits.indexOf(least);
      last[lane] = { width: ownWidth, startedAt: now, durationMs };
      return { lane, durationMs };
    },
  };
}

type Next = { readonly distance: number; readonly durationMs: number; readonly width: number; readonly now: number };

/** Milliseconds until the next comment may start in the lane. */
function waitFor(flight: Flight, { distance, durationMs, width, now }: Next): number {
  const speed = (width + flight.width) / flight.durationMs;
  const entered = flight.startedAt + (flight.width + GAP) / speed;
  // When the next one's head reaches the left edge, this one has to be gone.
  const caught = flight.startedAt + flight.durationMs - (width / distance) * durationMs;
  return Math.max(0, entered - now, caught - now);
}
