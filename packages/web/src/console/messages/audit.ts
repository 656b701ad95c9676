/** Lists the texts of the console's audit log. */
import type { Messages } from "../../language.ts";
import en from "./audit.en.json" with { type: "json" };
import zh from "./audit.zh-CN.json" with { type: "json" };

export const AUDIT_MESSAGES: Messages<typeof en> = { en, "zh-CN": zh };
