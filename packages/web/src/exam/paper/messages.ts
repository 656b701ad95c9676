/** Lists the texts of questions, as candidates see them and as the console shows them. */
import type { Messages } from "../../language.ts";
import en from "./messages.en.json" with { type: "json" };
import zh from "./messages.zh-CN.json" with { type: "json" };

export const PAPER_MESSAGES: Messages<typeof en> = { en, "zh-CN": zh };
