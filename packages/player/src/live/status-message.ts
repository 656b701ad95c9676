/** Chooses the line that the live player shows over the picture. */
import { formatDuration } from "../controls/format-duration.ts";
import type { PlayerMessages } from "../controls/messages.ts";
import type { PlayerState } from "../element/player-states.ts";
import type { Problem } from "../engines/problem.ts";
import type { Silence } from "./silence-watch.ts";

/** Shorter waits show nothing. */
const SHOW_AFTER_MS = 700;
/** That the sound is missing is said for so long, each time that it was tried. */
const SAY_NO_SOUND_MS = 10_000;

export type StatusInput = {
  readonly state: PlayerState;
  readonly problem: Problem | null;
  readonly msSinceLoad: number;
  /** Milliseconds of the stall that goes on; 0 for none. */
  readonly stallMs: number;
  readonly hasShownFrame: boolean;
  readonly silence: Silence | null;
  /** As `ScreenState.soundLeftOutMs`. */
  readonly soundLeftOutMs: number | null;
  /** For how long the publisher of a stream that was live has been away, in milliseconds; null: it is there, or it has not been there yet. */
  readonly awayMs: number | null;
};

/** Null for no line. */
export function statusMessage(messages: PlayerMessages, input: StatusInput): string | null {
  const { state, problem, msSinceLoad, stallMs, hasShownFrame, silence, soundLeftOutMs, awayMs } = input;
  const isAway = problem === "not-live" || (problem === null && silence?.cause === "publisher");
  if (awayMs !== null && isAway) return messages.publisherAway(formatDuration(awayMs / 1000));
  if (problem) return messages.problems[problem];
  if (state === "connecting") return msSinceLoad > SHOW_AFTER_MS ? messages.connecting : null;
  if (state === "reconnecting") return messages.reconnecting;
  if (silence) return silence.cause === "publisher" ? messages.problems["no-picture"] : messages.reconnecting;
  if (stallMs > SHOW_AFTER_MS) return messages.buffering;
  if (state === "live" && soundLeftOutMs !== null && soundLeftOutMs < SAY_NO_SOUND_MS) return messages.withoutSound;
  return state === "paused" && hasShownFrame ? messages.paused : null;
}
