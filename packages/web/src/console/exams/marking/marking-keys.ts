/** Says what a key does while answers are marked. Letters and digits are read by their place on the keyboard, so an input method for Chinese does not stand in the way. */

export type MarkingKey =
  | { readonly does: "points" | "undo" | "comment" | "skip" | "half" | "help" | "back" }
  /** From 0. */
  | { readonly does: "criterion" | "ready-comment"; readonly at: number };

type Pressed = Pick<KeyboardEvent, "key" | "code" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">;
/** Where the focus is. text: a field for words. */
export type Place = "points" | "text" | "other";

const LETTERS = {
  KeyU: { does: "undo" },
  KeyC: { does: "comment" },
  KeyS: { does: "skip" },
  KeyH: { does: "half" },
} as const;

/** Null: the key is not ours. */
export function markingKey(pressed: Pressed, place: Place): MarkingKey | null {
  const { key, code, ctrlKey, metaKey, altKey, shiftKey } = pressed;
  if (ctrlKey || metaKey) return null;
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(code)?.[1];
  if (altKey) return digit === undefined ? null : { does: "ready-comment", at: Number(digit) - 1 };
  if (key === "Escape") return place === "text" ? { does: "back" } : null;
  if (place === "text") return null;
  if (key === "?" || key === "？") return { does: "help" };
  if (shiftKey && digit !== undefined && code.startsWith("Digit")) return { does: "criterion", at: Number(digit) - 1 };
  if (place === "other" && /^[\d.,]$/.test(key)) return { does: "points" };
  return code in LETTERS && !shiftKey ? LETTERS[code as keyof typeof LETTERS] : null;
}
