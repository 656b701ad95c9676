/** Lists the texts of the console about alarms: what is wrong, in a word and in a sentence, and the pages of alarms. */
import { ALARM_NAMES, SEVERITY_NAMES } from "@lectern/names";
import type { Language, Messages } from "../../language.ts";
import en from "./alarms.en.json" with { type: "json" };
import zh from "./alarms.zh-CN.json" with { type: "json" };

/** Where `alarmTexts` has no sentence for an alarm, `alarmPages.homeText` stands. */
const OWN: Messages<typeof en> = { en, "zh-CN": zh };

export const ALARM_MESSAGES = { en: textsOf("en"), "zh-CN": textsOf("zh-CN") };

function textsOf(language: Language) {
  return { ...OWN[language], alarms: ALARM_NAMES[language], alarmSeverities: SEVERITY_NAMES[language] };
}
