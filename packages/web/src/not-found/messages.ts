/** Lists the texts of the page for an unknown address. */
import type { Messages } from "../language.ts";
import en from "./messages.en.json" with { type: "json" };
import zh from "./messages.zh-CN.json" with { type: "json" };

export const NOT_FOUND_MESSAGES: Messages<typeof en> = { en, "zh-CN": zh };
