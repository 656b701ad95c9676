/** Lists the texts about links that are handed to others. Pages that hand some over include them in their own. */
import type { Messages } from "../language.ts";
import en from "./messages.en.json" with { type: "json" };
import zh from "./messages.zh-CN.json" with { type: "json" };

export const PHONE_LINK_MESSAGES: Messages<typeof en> = { en, "zh-CN": zh };
