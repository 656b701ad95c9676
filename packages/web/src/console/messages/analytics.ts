/** Lists the texts of the console's pages of analytics: schools, lessons, and the records of students. */
import type { Messages } from "../../language.ts";
import en from "./analytics.en.json" with { type: "json" };
import zh from "./analytics.zh-CN.json" with { type: "json" };

export const ANALYTICS_MESSAGES: Messages<typeof en> = { en, "zh-CN": zh };
