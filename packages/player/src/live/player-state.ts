/** Provides the statistics that `<lectern-player>` gives to a page, and its state in the words of others. */

import type { PlayerState } from "../element/player-states.ts";
import { type Problem, UNDECODABLE_PROBLEMS } from "../engines/problem.ts";
import type { Undecodable } from "../engines/undecodable.ts";
import type { EngineName } from "./engine-choice.ts";
import type { SilenceCause } from "./silence-watch.ts";

export type PlayerStatistics = {
  /** Milliseconds from loading `src` to the first frame; null before it. */
  readonly firstFrameMs: number | null;
  readonly stalls: number;
  readonly stallMs: number;
  readonly reconnects: number;
  readonly engine: EngineName;
  /** Seconds between the frame that is shown and the newest media in the buffer. */
  readonly behind: number;
  /** Seconds from the server to the screen: with WHEP the way and what the browser holds back, else the buffer; null while nothing plays. */
  readonly delay: number | null;
  /** The stream's time of the frame that is shown, milliseconds; null before the first, and where the browser does not tell. */
  readonly mediaTime: number | null;
  /** The session that the server is told of, for a report of a problem; null: none. */
  readonly view: string | null;
};

/** The problem of a picture that stands still, as a page is told it. */
export const SILENCE_PROBLEMS = { connection: "network", publisher: "no-picture" } as const satisfies Record<SilenceCause, string>;

/** The player's state as beacons tell it. Waiting for media is found out beside. */
export const PHASES = {
  idle: "paused",
  connecting: "starting",
  live: "playing",
  reconnecting: "reconnecting",
  paused: "paused",
  failed: "failed",
} as const;

/** What the player is known to fail at is the encoder's fault, where the server says so: then that is told. */
export function reportedProblem(state: PlayerState, problem: Problem | null, undecodable: Undecodable | null): Problem | null {
  const isPlaying = state === "live" || state === "connecting" || state === "reconnecting";
  const isExplained = problem === null || problem === "decoder" || problem === "no-picture";
  return undecodable !== null && isPlaying && isExplained ? UNDECODABLE_PROBLEMS[undecodable] : problem;
}
