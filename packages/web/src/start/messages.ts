/** Lists the texts of the start page. */
import type { Messages } from "../language.ts";
import en from "./messages.en.json" with { type: "json" };
import zh from "./messages.zh-CN.json" with { type: "json" };

export const START_MESSAGES: Messages<typeof en> = { en, "zh-CN": zh };
