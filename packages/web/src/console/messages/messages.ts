/** The texts of the console's frame and first page, by language; `pages.ts` has those of the others. */
import { EN } from "./en.ts";
import { EXPERIENCE_MESSAGES } from "./experience.ts";
import { FRAME_MESSAGES } from "./frame.ts";
import { ZH_CN } from "./zh-cn.ts";

export const CONSOLE_MESSAGES = {
  en: { ...EN, ...EXPERIENCE_MESSAGES.en, ...FRAME_MESSAGES.en },
  "zh-CN": { ...ZH_CN, ...EXPERIENCE_MESSAGES["zh-CN"], ...FRAME_MESSAGES["zh-CN"] },
};
