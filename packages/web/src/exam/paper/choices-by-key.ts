/** Reads and changes answers that have a text for each gap, or a right side for each left one. */
import type { AnswerValue } from "@lectern/exam";

type ChoicesByKey = Readonly<Record<string, string>>;

export function choicesOf(value: AnswerValue): ChoicesByKey {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return {};
  return Object.fromEntries(Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string"));
}

/** Null: nothing is left. @param choice empty: none */
export function withChoice(choices: ChoicesByKey, key: string, choice: string): ChoicesByKey | null {
  const { [key]: _, ...others } = choices;
  const next = choice === "" ? others : { ...others, [key]: choice };
  return Object.keys(next).length > 0 ? next : null;
}
