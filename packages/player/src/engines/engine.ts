/** The interface of an engine: it loads a live stream by one protocol into a video element. */
import type { Problem } from "./problem.ts";

/** The rungs of the ladder, for the quality menu. */
export type Quality = {
  /** From the largest to the smallest. */
  readonly rungs: readonly RungChoice[];
  /** Index of the chosen rung; null for automatic. */
  readonly chosen: number | null;
};

export type RungChoice = {
  /** As the engine counts them. */
  readonly index: number;
  /** Such as 720p. */
  readonly name: string;
  /** The share of the largest one's bits that the data saver saves; null for other rungs. */
  readonly saves: number | null;
};

export type EngineEvents = {
  /** The engine has failed. The player closes it. */
  readonly onProblem: (problem: Problem, detail: string) => void;
  /** The stream has ended, or the server has closed it. */
  readonly onEnd: () => void;
  /** The stream has more than one rung. */
  readonly onQuality: (quality: Quality) => void;
};

export type Engine = {
  /** True when the engine stays near the live edge by itself; the player must not change the rate then. */
  readonly keepsPace: boolean;
  /** Starts to load into the element. */
  readonly start: (video: HTMLVideoElement, url: string, events: EngineEvents) => void;
  /** Plays one rung by its index; null for automatic. */
  readonly choose: (rung: number | null) => void;
  /** Releases the element. May be called twice. */
  readonly close: () => void;
};
