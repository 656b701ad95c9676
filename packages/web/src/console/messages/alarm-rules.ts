/** The texts of the console about rules of alarms and the channels by which people are told. */
import type { Messages } from "../../language.ts";
import en from "./alarm-rules.en.json" with { type: "json" };
import zh from "./alarm-rules.zh-CN.json" with { type: "json" };

export const ALARM_RULE_MESSAGES: Messages<typeof en> = { en, "zh-CN": zh };
