/** Lists the texts of the console's page of the school's appearance. */
import type { Messages } from "../../language.ts";
import en from "./appearance.en.json" with { type: "json" };
import zh from "./appearance.zh-CN.json" with { type: "json" };

export const APPEARANCE_MESSAGES: Messages<typeof en> = { en, "zh-CN": zh };
