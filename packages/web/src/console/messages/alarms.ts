/** The texts of the console about alarms: what is wrong, in a word and in a sentence, and the pages of alarms. */
import type { Alarm } from "@lectern/client";
import type { Messages } from "../../language.ts";
import en from "./alarms.en.json" with { type: "json" };
import zh from "./alarms.zh-CN.json" with { type: "json" };

/** Each alarm of the API has a name. Where `alarmTexts` has no sentence for it, `alarmPages.homeText` stands. */
type Names = { readonly alarms: Readonly<Record<Alarm["code"], string>> };

export const ALARM_MESSAGES: Messages<typeof en & Names> = { en, "zh-CN": zh };
