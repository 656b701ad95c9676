/** Lists the texts of the console about the daily check-in and guardians. */
import type { Messages } from "../../language.ts";
import en from "./check-ins.en.json" with { type: "json" };
import zh from "./check-ins.zh-CN.json" with { type: "json" };

export const CHECK_IN_MESSAGES: Messages<typeof en> = { en, "zh-CN": zh };
