/** Chooses the line that the live player shows over the picture. */
import type { PlayerMessages } from "../controls/messages.ts";
import type { Problem } from "../engines/problem.ts";
import type { PlayerState } from "./player-state.ts";

/** Shorter waits show nothing. */
const SHOW_AFTER_MS = 700;

export type StatusInput = {
  readonly state: PlayerState;
  readonly problem: Problem | null;
  readonly msSinceLoad: number;
  /** Milliseconds of the stall that goes on; 0 for none. */
  readonly stallMs: number;
  readonly hasShownFrame: boolean;
};

/** Null for no line. */
export function statusMessage(messages: PlayerMessages, input: StatusInput): string | null {
  const { state, problem, msSinceLoad, stallMs, hasShownFrame } = input;
  if (problem) return messages.problems[problem];
  if (state === "connecting") return msSinceLoad > SHOW_AFTER_MS ? messages.connecting : null;
  if (state === "reconnecting") return messages.reconnecting;
  if (stallMs > SHOW_AFTER_MS) return messages.buffering;
  return state === "paused" && hasShownFrame ? messages.paused : null;
}
