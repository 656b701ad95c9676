/** Reads which files an answer names. */
import type { AnswerValue } from "@lectern/exam";

export function uploadsOf(value: AnswerValue): readonly string[] {
  if (typeof value !== "object" || value === null || !("uploads" in value)) return [];
  return Array.isArray(value.uploads) ? value.uploads : [];
}
