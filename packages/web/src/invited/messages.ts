/** Lists the texts of the list of invited people. Pages that show the list include them in their own. */
import type { Messages } from "../language.ts";
import en from "./messages.en.json" with { type: "json" };
import zh from "./messages.zh-CN.json" with { type: "json" };

export const INVITED_MESSAGES: Messages<typeof en> = { en, "zh-CN": zh };
