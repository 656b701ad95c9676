/** Defines how a person wants captions, kept on this device. */
import { isShownIn, type KeptPreferences, oneOf, useKeptPreferences } from "../../parts/kept-preferences.ts";

export const SIZES = ["small", "medium", "large"] as const;
export const PLACES = ["bottom", "top"] as const;

export type CaptionPreferences = {
  readonly isShown: boolean;
  readonly size: (typeof SIZES)[number];
  readonly place: (typeof PLACES)[number];
};

export type CaptionChoice = KeptPreferences<CaptionPreferences>;

const KEY = "lectern.captions";

export function useCaptionChoice(): CaptionChoice {
  return useKeptPreferences(KEY, read);
}

function read(kept: object): CaptionPreferences {
  return {
    isShown: isShownIn(kept),
    size: oneOf(kept, "size", SIZES, "medium"),
    place: oneOf(kept, "place", PLACES, "bottom"),
  };
}
