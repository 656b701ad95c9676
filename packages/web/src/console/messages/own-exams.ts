/** Lists the texts of a student's pages about the own examinations. */
import type { Messages } from "../../language.ts";
import en from "./own-exams.en.json" with { type: "json" };
import zh from "./own-exams.zh-CN.json" with { type: "json" };

export const OWN_EXAM_MESSAGES: Messages<typeof en> = { en, "zh-CN": zh };
