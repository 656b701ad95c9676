/** Lists the texts of the page of examinations. */
import type { Messages } from "../language.ts";
import { SIGN_IN_MESSAGES } from "../sign-in/messages.ts";
import en from "./messages.en.json" with { type: "json" };
import zh from "./messages.zh-CN.json" with { type: "json" };
import { PAPER_MESSAGES } from "./paper/messages.ts";

const OWN: Messages<typeof en> = { en, "zh-CN": zh };

export const EXAM_MESSAGES = {
  en: { ...OWN.en, ...PAPER_MESSAGES.en, ...SIGN_IN_MESSAGES.en },
  "zh-CN": { ...OWN["zh-CN"], ...PAPER_MESSAGES["zh-CN"], ...SIGN_IN_MESSAGES["zh-CN"] },
};
