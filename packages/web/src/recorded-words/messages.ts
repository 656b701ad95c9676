/** Lists the texts of transcripts, and of the search in recordings. */
import type { Messages } from "../language.ts";
import en from "./messages.en.json" with { type: "json" };
import zh from "./messages.zh-CN.json" with { type: "json" };

export const WORDS_MESSAGES: Messages<typeof en> = { en, "zh-CN": zh };
