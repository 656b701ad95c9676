/** What plays: one way of getting a live stream into a video element. FLV today; HLS and WebRTC are to stand beside it. */
import type { Problem } from "./problem.ts";

export type EngineEvents = {
  /** It cannot go on. The engine is closed by the player then. */
  readonly onProblem: (problem: Problem, detail: string) => void;
  /** The stream came to its end, or the server closed it. */
  readonly onEnd: () => void;
};

export type Engine = {
  /** Begins to load into the element. */
  readonly start: (video: HTMLVideoElement, url: string, events: EngineEvents) => void;
  /** Lets go of the element. May be called twice. */
  readonly close: () => void;
};
