/** Lists the texts of the console about papers and examinations. */
import type { Messages } from "../../language.ts";
import en from "./exams.en.json" with { type: "json" };
import zh from "./exams.zh-CN.json" with { type: "json" };

export const EXAM_MESSAGES: Messages<typeof en> = { en, "zh-CN": zh };
