/** Lists the texts of the console about the rules of policies: their names, forms and sentences. */
import type { Language, Messages } from "../../language.ts";
import { CARRIER_NAMES } from "../../lesson-quality/carrier-names.ts";
import en from "./rules.en.json" with { type: "json" };
import zh from "./rules.zh-CN.json" with { type: "json" };

const OWN: Messages<typeof en> = { en, "zh-CN": zh };

export const RULE_MESSAGES = { en: textsOf("en"), "zh-CN": textsOf("zh-CN") };

function textsOf(language: Language) {
  return { rules: { ...OWN[language].rules, carrierNames: CARRIER_NAMES[language] } };
}
