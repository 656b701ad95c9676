/** The texts of the console, by language. */
import { EN } from "./en.ts";
import { ZH_CN } from "./zh-cn.ts";

export const CONSOLE_MESSAGES = { en: EN, "zh-CN": ZH_CN };
