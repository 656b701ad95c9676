/** Provides an answer to a quiz in the words of the quiz. */
import type { Choice, Quiz } from "@lectern/room";

/** @param t the texts `yes` and `no` */
export function answerText({ type, options }: Quiz, choice: Choice, t: (key: "yes" | "no") => string): string {
  if (typeof choice === "boolean") return t(choice ? "yes" : "no");
  const places: readonly unknown[] = Array.isArray(choice) ? choice : [choice];
  const isPlace = type === "single" || type === "multiple";
  return places.map((one) => (isPlace && typeof one === "number" ? (options[one] ?? "") : String(one))).join(", ");
}
