/** Lists the texts of groups in the studio. They are loaded with the tools, or when a lesson is divided into groups. */
import type { Messages } from "../../../language.ts";
import en from "./messages.en.json" with { type: "json" };
import zh from "./messages.zh-CN.json" with { type: "json" };

export const DIVISION_MESSAGES: Messages<typeof en> = { en, "zh-CN": zh };
