/** Defines the events of both players. They bubble. */
import type { Quality } from "../engines/engine.ts";
import type { Problem } from "../engines/problem.ts";
import type { Tampering } from "../watermark/watermark-faults.ts";
import type { PlayerState, ReplayState } from "./player-states.ts";

/** What each event has as `detail`. */
export type PlayerEventDetails = {
  /** The state has changed, or the problem. */
  readonly "lectern-state": { readonly state: PlayerState | ReplayState; readonly problem: Problem | null };
  /** The first frame is shown: milliseconds since the request. */
  readonly "lectern-first-frame": { readonly milliseconds: number };
  /** Another rung plays, or may be chosen; null: the stream has one. */
  readonly "lectern-quality": Quality | null;
  /** `refused`: the browser plays no sound before a touch. */
  readonly "lectern-volume": { readonly muted: boolean; readonly volume: number; readonly refused: boolean };
  /** The line over the picture, in the player's language; null: none. Once a second where a clock is in it. */
  readonly "lectern-status": { readonly text: string | null };
  /** For diagnostics: each problem, also those that the player mends itself. */
  readonly "lectern-problem": { readonly problem: Problem; readonly detail: string };
  readonly "lectern-tamper": { readonly what: Tampering };
  /** Four times a second, of a recording. */
  readonly "lectern-time": { readonly seconds: number };
  /** Where a recording is to be resumed; 0: at the start. */
  readonly "lectern-place": { readonly seconds: number };
};

declare global {
  interface HTMLElementEventMap extends PlayerEvents {}
}

export type PlayerEvents = { readonly [Type in keyof PlayerEventDetails]: CustomEvent<PlayerEventDetails[Type]> };
