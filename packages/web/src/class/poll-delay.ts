/** Decides how soon a class page polls its invitation again. */

/** While the page is shown. */
const SHOWN_MS = 4000;
/** While the room is connected: it tells the state of the lesson, and this is a safety net. */
const CONNECTED_MS = 60_000;
/** While the page is hidden; it polls at once when it is shown again. */
const HIDDEN_MS = 60_000;
/** An ended lesson is polled at growing intervals up to this one: a publisher that was disconnected may return. */
const ENDED_MAX_MS = 60_000;
/** After this many polls an ended lesson is over: about a quarter of an hour. */
const ENDED_POLLS = 18;
/** Delays differ by up to this share, so that pages that lost the server at the same moment do not return at the same moment. */
const SPREAD = 0.1;

export type PollState = {
  /** Null while the server has not answered. */
  readonly lesson: "scheduled" | "live" | "ended" | null;
  readonly isHidden: boolean;
  /** Whether the lesson's room is connected. Default: false. */
  readonly isConnected?: boolean;
  /** How many answers in a row said that the lesson has ended. */
  readonly endedPolls: number;
};

/**
 * Milliseconds until the next poll; null: none until the page is shown again.
 * @param random from 0 to 1
 */
export function pollDelay(state: PollState, random: () => number = Math.random): number | null {
  const delay = meanDelay(state);
  return delay === null ? null : Math.round(delay * (1 + SPREAD * (2 * random() - 1)));
}

function meanDelay({ lesson, isHidden, endedPolls, isConnected = false }: PollState): number | null {
  if (lesson !== "ended") return isHidden ? HIDDEN_MS : isConnected ? CONNECTED_MS : SHOWN_MS;
  if (isHidden || endedPolls > ENDED_POLLS) return null;
  return Math.min(SHOWN_MS * 2 ** Math.max(0, endedPolls - 1), ENDED_MAX_MS);
}
