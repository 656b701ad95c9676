/** Lists the texts of the console about acts that a second person approves. */
import type { Messages } from "../../language.ts";
import en from "./approvals.en.json" with { type: "json" };
import zh from "./approvals.zh-CN.json" with { type: "json" };

export const APPROVAL_MESSAGES: Messages<typeof en> = { en, "zh-CN": zh };

/** For what stands above every page: its texts are loaded with it, those of the pages later. */
export const ENTRY_BANNER_MESSAGES = {
  en: { approvals: APPROVAL_MESSAGES.en },
  "zh-CN": { approvals: APPROVAL_MESSAGES["zh-CN"] },
};
