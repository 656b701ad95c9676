/** Lists the texts of the drawing tools. They are loaded with them. */
import type { Messages } from "../../language.ts";
import en from "./messages.en.json" with { type: "json" };
import zh from "./messages.zh-CN.json" with { type: "json" };

export const DRAWING_MESSAGES: Messages<typeof en> = { en, "zh-CN": zh };
