/** Lists the texts of printed results. They are loaded with its code. */
import type { Messages } from "../../language.ts";
import en from "./messages.en.json" with { type: "json" };
import zh from "./messages.zh-CN.json" with { type: "json" };

export const PRINT_MESSAGES: Messages<typeof en> = { en, "zh-CN": zh };
