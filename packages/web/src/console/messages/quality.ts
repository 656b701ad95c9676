/** Lists the texts of the console's pages of lesson quality: the report, the rule of compensation, make-up lessons. */
import type { Messages } from "../../language.ts";
import en from "./quality.en.json" with { type: "json" };
import zh from "./quality.zh-CN.json" with { type: "json" };

export const QUALITY_MESSAGES: Messages<typeof en> = { en, "zh-CN": zh };
