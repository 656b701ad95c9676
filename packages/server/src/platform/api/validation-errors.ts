/**
 * Converts Zod's issues to mistakes in every language: Zod's own locales for its own checks, catalogues for ours. A schema names a message by
 * its key: `z.string().regex(ID, { error: fieldText.key("id") })`.
 */
import { z } from "zod";
import { isMessageKey, type Text } from "../messages/message.ts";
import { platformText } from "../messages/platform-texts.ts";
import type { ValidationError } from "../refusal.ts";

const { localeError: inEnglish } = z.locales.en();
const { localeError: inChinese } = z.locales.zhCN();

/** What is wrong with a value; empty when it fits the schema. */
export function validationErrorsOf(schema: z.ZodType, value: unknown): readonly ValidationError[] {
  // A locale writes its text while Zod parses, so each language needs a pass of its own. Only refused requests come here.
  const issues = schema.safeParse(value, { error: inEnglish }).error?.issues ?? [];
  const translated = schema.safeParse(value, { error: inChinese }).error?.issues ?? [];
  return issues.flatMap((issue, i): ValidationError[] => {
    const path = issue.path.map(String);
    if (issue.code === "unrecognized_keys")
      return issue.keys.map((key) => ({ path: [...path, key].join("."), message: platformText("unknown-field") }));
    return [{ path: path.join("."), message: textOf(issue, translated[i]?.message) }];
  });
}

function textOf(issue: z.core.$ZodIssue, chinese = issue.message): Text {
  if (isMessageKey(issue.message)) return { key: issue.message, params: parametersOf(issue) };
  return { en: issue.message, zh: chinese };
}

function parametersOf(issue: z.core.$ZodIssue): Record<string, string | number> {
  const params: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(issue)) {
    if (typeof value === "string" || typeof value === "number") params[name] = value;
    else if (Array.isArray(value)) params[name] = value.join(", ");
  }
  return params;
}
