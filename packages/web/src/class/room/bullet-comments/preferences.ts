/** Defines how a person wants bullet comments, kept on this device. */

import { parseJson } from "@lectern/room";
import { useMediaQuery } from "@lectern/ui";
import { useState } from "react";
import { keepValue, keptValue } from "../../../session/kept-values.ts";

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
const DEFAULTS: BulletCommentPreferences = { isShown: true, density: "some", speed: "normal", opacity: "full" };

export type BulletComments = {
  readonly preferences: BulletCommentPreferences;
  readonly change: (changes: Partial<BulletCommentPreferences>) => void;
  /** The device asks for less motion: nothing flies, whatever is chosen. */
  readonly isReduced: boolean;
};

export function useBulletComments(): BulletComments {
  const [preferences, setPreferences] = useState(kept);
  const isReduced = useMediaQuery("(prefers-reduced-motion: reduce)");
  const change = (changes: Partial<BulletCommentPreferences>): void => {
    const changed = { ...preferences, ...changes };
    keepValue("device", KEY, JSON.stringify(changed));
    setPreferences(changed);
  };
  return { preferences, change, isReduced };
}

function kept(): BulletCommentPreferences {
  const value = parseJson(keptValue("device", KEY) ?? "");
  const stored: object = typeof value === "object" && value !== null ? value : {};
  const one = <T extends string>(name: string, choices: readonly T[], normal: T): T => {
    const chosen: unknown = Reflect.get(stored, name);
    return choices.find((choice) => choice === chosen) ?? normal;
  };
  return {
    isShown: Reflect.get(stored, "isShown") !== false,
    density: one("density", DENSITIES, DEFAULTS.density),
    speed: one("speed", SPEEDS, DEFAULTS.speed),
    opacity: one("opacity", OPACITIES, DEFAULTS.opacity),
  };
}
