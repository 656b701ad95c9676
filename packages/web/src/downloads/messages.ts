/** Lists the texts about downloads. Pages that offer downloads include them in their own. */
import type { Messages } from "../language.ts";
import en from "./messages.en.json" with { type: "json" };
import zh from "./messages.zh-CN.json" with { type: "json" };

export const DOWNLOAD_MESSAGES: Messages<typeof en> = { en, "zh-CN": zh };
