/** Decides whether a question has an answer, whole or in part. */
import type { AnswerValue } from "@lectern/exam";

export function isAnswered(value: AnswerValue): boolean {
  if (value === null) return false;
  if (typeof value === "boolean") return true;
  if (typeof value === "string") return value.trim() !== "";
  if (isList(value)) return value.length > 0;
  return Object.values(value).some((one) => (typeof one === "string" ? one.trim() !== "" : one.length > 0));
}

function isList(value: object): value is readonly string[] {
  return Array.isArray(value);
}
