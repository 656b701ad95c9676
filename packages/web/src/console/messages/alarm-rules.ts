/** Lists the texts of the console about rules of alarms and the channels by which people are told. */
import { METRIC_NAMES } from "@lectern/names";
import type { Language, Messages } from "../../language.ts";
import en from "./alarm-rules.en.json" with { type: "json" };
import zh from "./alarm-rules.zh-CN.json" with { type: "json" };

const OWN: Messages<typeof en> = { en, "zh-CN": zh };

export const ALARM_RULE_MESSAGES = { en: textsOf("en"), "zh-CN": textsOf("zh-CN") };

function textsOf(language: Language) {
  return { ...OWN[language], alarmMetrics: METRIC_NAMES[language] };
}
