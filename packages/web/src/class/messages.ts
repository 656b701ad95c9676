/** Lists the texts of the class page. */
import { DOWNLOAD_MESSAGES } from "../downloads/messages.ts";
import type { Messages } from "../language.ts";
import en from "./messages.en.json" with { type: "json" };
import zh from "./messages.zh-CN.json" with { type: "json" };

const OWN: Messages<typeof en> = { en, "zh-CN": zh };

export const CLASS_MESSAGES = {
  en: { ...OWN.en, ...DOWNLOAD_MESSAGES.en },
  "zh-CN": { ...OWN["zh-CN"], ...DOWNLOAD_MESSAGES["zh-CN"] },
};
