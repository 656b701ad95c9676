/** Lists the texts of the page of those who supervise. */
import type { Messages } from "../language.ts";
import { SIGN_IN_MESSAGES } from "../sign-in/messages.ts";
import en from "./messages.en.json" with { type: "json" };
import zh from "./messages.zh-CN.json" with { type: "json" };

const OWN: Messages<typeof en> = { en, "zh-CN": zh };

export const SUPERVISION_MESSAGES = {
  en: { ...OWN.en, ...SIGN_IN_MESSAGES.en },
  "zh-CN": { ...OWN["zh-CN"], ...SIGN_IN_MESSAGES["zh-CN"] },
};
