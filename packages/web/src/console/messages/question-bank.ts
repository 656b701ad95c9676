/** Lists the texts of the console about the question bank. */
import type { Messages } from "../../language.ts";
import en from "./question-bank.en.json" with { type: "json" };
import zh from "./question-bank.zh-CN.json" with { type: "json" };

export const QUESTION_BANK_MESSAGES: Messages<typeof en> = { en, "zh-CN": zh };
