/** Defines how a person wants captions, kept on this device. */
import { parseJson } from "@lectern/room";
import { useState } from "react";
import { keepValue, keptValue } from "../../../session/kept-values.ts";

export const SIZES = ["small", "medium", "large"] as const;
export const PLACES = ["bottom", "top"] as const;

export type CaptionPreferences = {
  readonly isShown: boolean;
  readonly size: (typeof SIZES)[number];
  readonly place: (typeof PLACES)[number];
};

export type CaptionChoice = {
  readonly preferences: CaptionPreferences;
  readonly change: (changes: Partial<CaptionPreferences>) => void;
};

const KEY = "lectern.captions";

export function useCaptionChoice(): CaptionChoice {
  const [preferences, setPreferences] = useState(kept);
  const change = (changes: Partial<CaptionPreferences>): void => {
    const changed = { ...preferences, ...changes };
    keepValue("device", KEY, JSON.stringify(changed));
    setPreferences(changed);
  };
  return { preferences, change };
}

function kept(): CaptionPreferences {
  const value = parseJson(keptValue("device", KEY) ?? "");
  const stored: object = typeof value === "object" && value !== null ? value : {};
  return {
    isShown: Reflect.get(stored, "isShown") !== false,
    size: SIZES.find((size) => size === Reflect.get(stored, "size")) ?? "medium",
    place: PLACES.find((place) => place === Reflect.get(stored, "place")) ?? "bottom",
  };
}
