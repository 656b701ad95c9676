/** Lists the texts of repeating lessons, and of terms and holidays. */
import type { Messages } from "../../language.ts";
import en from "./series.en.json" with { type: "json" };
import zh from "./series.zh-CN.json" with { type: "json" };

export const SERIES_MESSAGES: Messages<typeof en> = { en, "zh-CN": zh };
