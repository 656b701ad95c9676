/** Lists the texts of the console's pages of the service's protection. */
import type { Messages } from "../../language.ts";
import en from "./protection.en.json" with { type: "json" };
import zh from "./protection.zh-CN.json" with { type: "json" };

export const PROTECTION_MESSAGES: Messages<typeof en> = { en, "zh-CN": zh };
