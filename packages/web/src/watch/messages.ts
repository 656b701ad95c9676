/** Lists the texts of the page for parents and inspectors: those of the class page, and its own. */
import { CLASS_MESSAGES } from "../class/messages.ts";
import type { Messages } from "../language.ts";
import en from "./messages.en.json" with { type: "json" };
import zh from "./messages.zh-CN.json" with { type: "json" };

const OWN: Messages<typeof en> = { en, "zh-CN": zh };

export const WATCH_MESSAGES = {
  en: { ...CLASS_MESSAGES.en, ...OWN.en },
  "zh-CN": { ...CLASS_MESSAGES["zh-CN"], ...OWN["zh-CN"] },
};
