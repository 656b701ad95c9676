/** Provides the fields of a school's daily check-in form, and what an answer to them may be. */
import { z } from "zod";
import type { ValidationError } from "../../../platform/refusal.ts";
import { fieldText } from "../../foundation/messages/field-texts.ts";
import { text } from "../../foundation/requests/fields.ts";
import { CHECK_IN_TYPES, type CheckInAnswers, type CheckInField } from "../../foundation/store/check-in-tables.ts";

export const MAX_FIELDS = 20;
const MAX_OPTIONS = 20;
const MAX_ANSWER = 500;

export const checkInField = z
  .strictObject({
    key: z.string().regex(/^[a-z][a-z0-9_]{0,30}$/, fieldText.key("field-key")),
    label: text(100),
    type: z.enum(CHECK_IN_TYPES),
    options: z.array(text(60)).max(MAX_OPTIONS).default([]).describe("Of a choice."),
    required: z.boolean().default(true),
  })
  .refine(({ type, options }) => type !== "choice" || options.length > 1, {
    path: ["options"],
    error: fieldText.key("options-needed"),
  });

export const checkInAnswers = z.record(z.string().max(31), z.union([z.string().max(MAX_ANSWER), z.number(), z.boolean()]));

/** What is wrong with answers to a form; empty: nothing. */
export function validationErrorsIn(fields: readonly CheckInField[], answers: CheckInAnswers): ValidationError[] {
  const known = new Set(fields.map(({ key }) => key));
  const strangers = Object.keys(answers).filter((key) => !known.has(key));
  return [
    ...strangers.map((key) => ({ path: `answers.${key}`, message: fieldText("unknown-field") })),
    ...fields.flatMap((field) => {
      const answer = answerTo(field, answers);
      const isMissing = answer === undefined || answer === "";
      if (isMissing) return field.required ? [{ path: `answers.${field.key}`, message: fieldText("empty") }] : [];
      return fits(field, answer) ? [] : [{ path: `answers.${field.key}`, message: fieldText("not-this-kind") }];
    }),
  ];
}

/** Undefined: not answered. A key may be the name of something that every object has. */
export function answerTo({ key }: CheckInField, answers: CheckInAnswers): string | number | boolean | undefined {
  return Object.hasOwn(answers, key) ? answers[key] : undefined;
}

function fits({ type, options }: CheckInField, answer: string | number | boolean): boolean {
  switch (type) {
    case "text":
      return typeof answer === "string";
    case "number":
      return typeof answer === "number" && Number.isFinite(answer);
    case "choice":
      return typeof answer === "string" && options.includes(answer);
    case "yes-no":
      return typeof answer === "boolean";
  }
}

/** The day in a time zone: `2026-11-24`. @param now milliseconds since 1970 */
export function dayIn(timeZone: string, now: number): string {
  // Sweden writes dates as ISO 8601 does.
  return new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short" }).format(now);
}
