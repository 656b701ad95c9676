/** Provides the questions of a check-in form while they are edited: a text that the form of a list holds. */
import type { CheckInForm } from "@lectern/client";

export type CheckInField = CheckInForm["fields"][number];
export const TYPES = ["yes-no", "choice", "number", "text"] as const;

/** A question that the person has just added. Its key is new in the form, also after others were removed. */
export function newField(fields: readonly CheckInField[]): CheckInField {
  const numbers = fields.map(({ key }) => Number(/^q(\d+)$/.exec(key)?.[1] ?? 0));
  return { key: `q${Math.max(0, ...numbers) + 1}`, label: "", type: "yes-no", options: [], required: true };
}

export function writeFields(fields: readonly CheckInField[]): string {
  return JSON.stringify(fields);
}

export function readFields(text: string): CheckInField[] {
  return text === "" ? [] : JSON.parse(text);
}

/** Options as a person writes them, with commas of either language between. */
export function optionsOf(text: string): string[] {
  return [...new Set(text.split(/[,，、]/).map((option) => option.trim()))].filter((option) => option !== "");
}

/** Whether the server would take the questions. */
export function isComplete(fields: readonly CheckInField[]): boolean {
  return (
    fields.length > 0 &&
    fields.every(({ label, type, options }) => label.trim() !== "" && (type !== "choice" || options.length > 1))
  );
}
