/** Provides the interface of an engine: it loads a live stream by one protocol into a video element. */
import type { Problem } from "./problem.ts";
import type { RungOption } from "./rung-list.ts";
import type { Undecodable } from "./undecodable.ts";

/** The rungs of the ladder, for the quality menu. */
export type Quality = {
  /** The rungs with a picture, from the largest to the smallest. */
  readonly rungs: readonly RungOption[];
  /** The stream has a rung of sound alone. */
  readonly hasSound: boolean;
  /** Label of the chosen rung, `SOUND` for sound alone; null for automatic. */
  readonly chosen: string | null;
  /** Label of the rung that plays; null while it is not known. */
  readonly playing: string | null;
  /** Why the sound plays alone; null when the picture plays too. */
  readonly soundOnly: SoundOnly | null;
};

/** chosen: by the viewer. slow: no picture arrives in time. undecodable: this browser cannot play the picture. */
export type SoundOnly = "chosen" | "slow" | "undecodable";

export type EngineEvents = {
  /** The engine has failed. The player closes it. */
  readonly onProblem: (problem: Problem, detail: string) => void;
  /** The stream has ended, or the server has closed it. */
  readonly onEnd: () => void;
  /** The stream has more than one rung, or another of its rungs plays now. */
  readonly onQuality: (quality: Quality) => void;
  /** The server says which track of the stream nobody can decode; null: none any more. */
  readonly onUndecodable: (track: Undecodable | null) => void;
  /** The engine is about to load the element again, for another rung. What it shows now has to stay until then. */
  readonly onReload: () => void;
};

/** How an engine begins. */
export type EngineStart = {
  readonly video: HTMLVideoElement;
  /** Absolute. */
  readonly url: string;
  /** Label of the rung that the viewer has chosen; null for automatic. A label that the stream does not have counts as null. */
  readonly chosen: string | null;
  /** Label of the rung that automatic quality begins with; null for the largest. */
  readonly first: string | null;
  /** True when pictures of this stream could not be decoded: the sound is played alone, if the stream has it. */
  readonly isUndecodable: boolean;
  /** Until when the picture is to be played without its sound, which could not be decoded: milliseconds of `performance.now`; null: it is played. */
  readonly soundLeftOutUntil: number | null;
  readonly events: EngineEvents;
};

export type Engine = {
  /** True when the engine stays near the live edge by itself; the player must not change the rate then. */
  readonly keepsPace: boolean;
  readonly start: (start: EngineStart) => void;
  /** Plays one rung by its label; null for automatic. */
  readonly choose: (label: string | null) => void;
  /** When bytes of another rung have arrived last, to which the engine changes: milliseconds of `performance.now`; null while it does not. */
  readonly receivedAt: () => number | null;
  /** Whether playback should fall behind a little: media of the rung to which the engine changes come later. */
  readonly needsTime: () => boolean;
  /** The stream's time of the shown frame, milliseconds; null before the first, and where the browser does not tell. */
  readonly mediaTime: () => number | null;
  /** Seconds from the server to the screen; null where the engine does not know more than the element's buffer tells. */
  readonly delay: () => number | null;
  /** Releases the element. May be called twice. */
  readonly close: () => void;
};

/** Whether the sound, which could not be decoded, is not to be tried again yet. */
export function isSoundStillLeftOut({ soundLeftOutUntil }: Pick<EngineStart, "soundLeftOutUntil">): boolean {
  return soundLeftOutUntil !== null && performance.now() < soundLeftOutUntil;
}
