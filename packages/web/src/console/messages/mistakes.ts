/** Lists the texts of the book of mistakes. */
import type { Messages } from "../../language.ts";
import en from "./mistakes.en.json" with { type: "json" };
import zh from "./mistakes.zh-CN.json" with { type: "json" };

export const MISTAKE_MESSAGES: Messages<typeof en> = { en, "zh-CN": zh };
