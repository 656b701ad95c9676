/**
 * Chooses the sources that a follower asks, beside those that it follows: a pure function. One that is silent, or brings nothing new, is kept, and
 * others are asked beside it: two followers that follow only each other have no source, and whichever they left would never be asked again.
 */

/** While nothing new comes for so long, another source is asked beside those that are heard, and one more after each further time of this. */
export const STANDING_MS = 2000;

/** quiet: followed, and does not answer. dueInMs: when it may be asked; 0: now. */
export type KnownSource = {
  readonly peer: string;
  readonly state: "heard" | "quiet" | "apart";
  readonly dueInMs: number;
};

export type FollowerState = {
  /** How many sources are followed at once. */
  readonly wanted: number;
  /** Since the newest entry. */
  readonly standsMs: number;
  /** Before the first entry, only as many as are wanted are asked: the source decides where a copy begins. */
  readonly hasEntries: boolean;
};

/**
 * @param sources the best first
 * @param mostRetryMs a source whose connection failed is due within this; one that lagged is left alone for longer, unless nothing comes
 */
export function sourcesToAsk(
  sources: readonly KnownSource[],
  { wanted, standsMs, hasEntries }: FollowerState,
  mostRetryMs: number,
): readonly string[] {
  const isStanding = standsMs >= STANDING_MS;
  const more = hasEntries ? Math.floor(standsMs / STANDING_MS) : 0;
  let heard = sources.filter(({ state }) => state === "heard").length;
  // Better than all that are heard: they are asked again while nothing comes from those.
  let isBetter = true;
  const asked: string[] = [];
  for (const { peer, state, dueInMs } of sources) {
    if (state === "heard") isBetter = false;
    const isDue = dueInMs <= 0 || (isStanding && dueInMs > mostRetryMs);
    if (state !== "apart" || !isDue) continue;
    if (heard >= wanted + more && !(isBetter && isStanding)) continue;
    asked.push(peer);
    heard++;
  }
  return asked;
}
