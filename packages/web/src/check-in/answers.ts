/** Converts what a form's inputs hold to answers, and back. */
import type { CheckInForm } from "@lectern/client";

export type CheckInField = CheckInForm["fields"][number];
export type Answers = Readonly<Record<string, string | number | boolean>>;
/** What the inputs hold; a missing one is not answered. */
export type Inputs = Readonly<Record<string, string>>;

export function inputsOf(answers: Answers): Inputs {
  return Object.fromEntries(Object.entries(answers).map(([key, answer]) => [key, String(answer)]));
}

/** Answers to the fields that a form has now. Those that are not answered, or not by a number where one is asked for, are missing. */
export function answersOf(fields: readonly CheckInField[], inputs: Inputs): Answers {
  return Object.fromEntries(
    fields.flatMap(({ key, type }): [string, string | number | boolean][] => {
      const input = Object.hasOwn(inputs, key) ? (inputs[key] ?? "").trim() : "";
      if (input === "") return [];
      if (type === "yes-no") return [[key, input === "true"]];
      if (type !== "number") return [[key, input]];
      // Phones write the decimal separator of their language.
      const number = Number(input.replace(",", "."));
      return Number.isFinite(number) ? [[key, number]] : [];
    }),
  );
}

/** The keys of required fields without an answer, and of numbers that are none. */
export function unansweredIn(fields: readonly CheckInField[], inputs: Inputs): readonly string[] {
  const answers = answersOf(fields, inputs);
  return fields
    .filter(({ key, required }) => !Object.hasOwn(answers, key) && (required || (inputs[key] ?? "").trim() !== ""))
    .map(({ key }) => key);
}
