/** Lists the texts of a course's pages in the console: its people, lessons, materials, recordings and results. */
import type { Messages } from "../../language.ts";
import en from "./courses.en.json" with { type: "json" };
import zh from "./courses.zh-CN.json" with { type: "json" };

export const COURSE_MESSAGES: Messages<typeof en> = { en, "zh-CN": zh };
