/** Lists the texts of the console's pages of moderation: word lists and content checks. */
import type { Messages } from "../../language.ts";
import en from "./moderation.en.json" with { type: "json" };
import zh from "./moderation.zh-CN.json" with { type: "json" };

export const MODERATION_MESSAGES: Messages<typeof en> = { en, "zh-CN": zh };
