/** Defines how a person wants bullet comments, kept on this device. */
import { useMediaQuery } from "@lectern/ui";
import { isShownIn, type KeptPreferences, oneOf, useKeptPreferences } from "../../parts/kept-preferences.ts";

export const DENSITIES = ["few", "some", "many"] as const;
export const SPEEDS = ["slow", "normal", "fast"] as const;
export const OPACITIES = ["light", "medium", "full"] as const;

export type BulletCommentPreferences = {
  readonly isShown: boolean;
  readonly density: (typeof DENSITIES)[number];
  readonly speed: (typeof SPEEDS)[number];
  readonly opacity: (typeof OPACITIES)[number];
};

const KEY = "lectern.bulletComments";

export type BulletComments = KeptPreferences<BulletCommentPreferences> & {
  /** The device asks for less motion: nothing flies, whatever is chosen. */
  readonly isReduced: boolean;
};

export function useBulletComments(): BulletComments {
  const isReduced = useMediaQuery("(prefers-reduced-motion: reduce)");
  return { ...useKeptPreferences(KEY, read), isReduced };
}

function read(kept: object): BulletCommentPreferences {
  return {
    isShown: isShownIn(kept),
    density: oneOf(kept, "density", DENSITIES, "some"),
    speed: oneOf(kept, "speed", SPEEDS, "normal"),
    opacity: oneOf(kept, "opacity", OPACITIES, "full"),
  };
}
