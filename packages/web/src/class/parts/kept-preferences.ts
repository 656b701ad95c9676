/** Keeps how a person wants something of the room, on this device. */
import { parseJson } from "@lectern/room";
import { useState } from "react";
import { keepValue, keptValue } from "../../session/kept-values.ts";

export type KeptPreferences<Preferences> = {
  readonly preferences: Preferences;
  readonly change: (changes: Partial<Preferences>) => void;
};

/** @param read makes preferences of what is kept, which an older page may have written */
export function useKeptPreferences<Preferences extends object>(
  key: string,
  read: (kept: object) => Preferences,
): KeptPreferences<Preferences> {
  const [preferences, setPreferences] = useState(() => read(keptObject(key)));
  const change = (changes: Partial<Preferences>): void => {
    const changed = { ...preferences, ...changes };
    keepValue("device", key, JSON.stringify(changed));
    setPreferences(changed);
  };
  return { preferences, change };
}

/** One of the choices of a preference. */
export function oneOf<Choice extends string>(kept: object, name: string, choices: readonly Choice[], normal: Choice): Choice {
  const chosen: unknown = Reflect.get(kept, name);
  return choices.find((choice) => choice === chosen) ?? normal;
}

/** Shown, unless it was hidden. */
export function isShownIn(kept: object): boolean {
  return Reflect.get(kept, "isShown") !== false;
}

function keptObject(key: string): object {
  const value = parseJson(keptValue("device", key) ?? "");
  return typeof value === "object" && value !== null ? value : {};
}
