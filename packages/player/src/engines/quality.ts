/** Describes the rungs that an engine plays, for the quality menu. */
import type { Quality } from "./engine.ts";
import { isSound, type Rung, rungOptions } from "./rung-list.ts";

/** @param rungs those that can be chosen */
export function qualityOf(rungs: readonly Rung[], state: Pick<Quality, "chosen" | "playing" | "soundOnly">): Quality {
  const isKnown = rungs.some(({ label }) => label === state.chosen);
  return { rungs: rungOptions(rungs), hasSound: rungs.some(isSound), ...state, chosen: isKnown ? state.chosen : null };
}
