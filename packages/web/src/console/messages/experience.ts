/** Lists the texts of the console's pages of viewer experience, and of "why". */
import type { Messages } from "../../language.ts";
import en from "./experience.en.json" with { type: "json" };
import zh from "./experience.zh-CN.json" with { type: "json" };

export const EXPERIENCE_MESSAGES: Messages<typeof en> = { en, "zh-CN": zh };
