/** Lists the texts of the console's frame and first page, by language; `pages.ts` has those of the others. */
import { DOWNLOAD_MESSAGES } from "../../downloads/messages.ts";
import type { Language, Messages } from "../../language.ts";
import { SIGN_IN_MESSAGES } from "../../sign-in/messages.ts";
import { ALARM_MESSAGES } from "./alarms.ts";
import en from "./console.en.json" with { type: "json" };
import zh from "./console.zh-CN.json" with { type: "json" };
import { EXPERIENCE_MESSAGES } from "./experience.ts";
import { FRAME_MESSAGES } from "./frame.ts";
import { MONITORING_MESSAGES } from "./monitoring.ts";

const OWN: Messages<typeof en> = { en, "zh-CN": zh };

export const CONSOLE_MESSAGES = { en: textsOf("en"), "zh-CN": textsOf("zh-CN") };

function textsOf(language: Language) {
  return {
    ...SIGN_IN_MESSAGES[language],
    ...OWN[language],
    ...ALARM_MESSAGES[language],
    ...DOWNLOAD_MESSAGES[language],
    ...EXPERIENCE_MESSAGES[language],
    ...FRAME_MESSAGES[language],
    monitoring: MONITORING_MESSAGES[language],
  };
}
