/** Lists the texts of the console about the supervision of examinations. */
import type { Messages } from "../../language.ts";
import en from "./supervision.en.json" with { type: "json" };
import zh from "./supervision.zh-CN.json" with { type: "json" };

export const SUPERVISION_MESSAGES: Messages<typeof en> = { en, "zh-CN": zh };
