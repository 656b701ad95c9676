/** Lists the texts about how one lesson reached its viewers. */
import type { Language, Messages } from "../language.ts";
import { CARRIER_NAMES } from "./carrier-names.ts";
import en from "./messages.en.json" with { type: "json" };
import zh from "./messages.zh-CN.json" with { type: "json" };

const OWN: Messages<typeof en> = { en, "zh-CN": zh };

export const LESSON_QUALITY_MESSAGES = { en: textsOf("en"), "zh-CN": textsOf("zh-CN") };

function textsOf(language: Language) {
  return { lessonQuality: { ...OWN[language].lessonQuality, carrierNames: CARRIER_NAMES[language] } };
}
