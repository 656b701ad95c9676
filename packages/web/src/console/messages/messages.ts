/** The texts of the console, by language. */
import { EN } from "./en.ts";
import { EXPERIENCE_MESSAGES } from "./experience.ts";
import { ZH_CN } from "./zh-cn.ts";

export const CONSOLE_MESSAGES = {
  en: { ...EN, ...EXPERIENCE_MESSAGES.en },
  "zh-CN": { ...ZH_CN, ...EXPERIENCE_MESSAGES["zh-CN"] },
};
