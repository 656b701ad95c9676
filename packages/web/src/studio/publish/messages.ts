/** Lists the texts of publishing from the browser. */
import type { Messages } from "../../language.ts";
import en from "./messages.en.json" with { type: "json" };
import zh from "./messages.zh-CN.json" with { type: "json" };

export const PUBLISH_MESSAGES: Messages<typeof en> = { en, "zh-CN": zh };
