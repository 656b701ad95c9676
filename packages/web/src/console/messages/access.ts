/** Lists the texts of the console's pages of access: policies, address lists, link keys, refusals. */
import type { Messages } from "../../language.ts";
import en from "./access.en.json" with { type: "json" };
import zh from "./access.zh-CN.json" with { type: "json" };

export const ACCESS_MESSAGES: Messages<typeof en> = { en, "zh-CN": zh };
