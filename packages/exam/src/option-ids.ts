/** Gives options their ids: a, b, c … A question with more than 20 is refused by the check of papers; its options have ids all the same. */
import type { Option } from "./question.ts";

export function optionId(place: number): string {
  const letter = String.fromCharCode("a".charCodeAt(0) + (place % 26));
  return place < 26 ? letter : `${letter}${Math.floor(place / 26)}`;
}

export function optionsOf(texts: readonly string[]): readonly Option[] {
  return texts.map((text, i) => ({ id: optionId(i), text }));
}
