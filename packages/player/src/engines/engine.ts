/** What plays: one way of getting a live stream into a video element. WebRTC is to stand beside FLV and HLS. */
import type { Problem } from "./problem.ts";

/** The rungs that one can choose from. */
export type Quality = {
  /** From the largest to the smallest, as people call them: 720p. */
  readonly rungs: readonly string[];
  /** The one that was chosen; null where the player chooses. */
  readonly chosen: number | null;
};

export type EngineEvents = {
  /** It cannot go on. The engine is closed by the player then. */
  readonly onProblem: (problem: Problem, detail: string) => void;
  /** The stream came to its end, or the server closed it. */
  readonly onEnd: () => void;
  /** There is more than one rung. */
  readonly onQuality: (quality: Quality) => void;
};

export type Engine = {
  /** True where it keeps near the live edge by itself, and is disturbed by anybody else who does. */
  readonly keepsPace: boolean;
  /** Begins to load into the element. */
  readonly start: (video: HTMLVideoElement, url: string, events: EngineEvents) => void;
  /** Plays one rung, or with null lets the engine choose. */
  readonly choose: (rung: number | null) => void;
  /** Lets go of the element. May be called twice. */
  readonly close: () => void;
};
