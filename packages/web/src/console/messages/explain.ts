/** Lists the texts of the console's page that explains what would be decided on a request. */
import type { Messages } from "../../language.ts";
import en from "./explain.en.json" with { type: "json" };
import zh from "./explain.zh-CN.json" with { type: "json" };

export const EXPLAIN_MESSAGES: Messages<typeof en> = { en, "zh-CN": zh };
