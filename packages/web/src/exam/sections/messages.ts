/** Lists the texts of sections that have a time of their own. They are loaded with its code. */
import type { Messages } from "../../language.ts";
import en from "./messages.en.json" with { type: "json" };
import zh from "./messages.zh-CN.json" with { type: "json" };

export const SECTION_MESSAGES: Messages<typeof en> = { en, "zh-CN": zh };
